//! A TCP proxy that can cut, stall and refuse: network faults without privileges.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Stands before one server. Everything ends when it is dropped.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    faults: watch::Sender<Faults>,
    _tasks: JoinSet<()>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Faults {
    /// Connections are accepted and stay open, but nothing passes: a frozen server, a black hole.
    stalled: bool,
    /// Connections older than this many cuts are closed.
    cuts: u64,
}

impl Proxy {
    /// Forwards to `target` (`host:port`).
    pub(crate) async fn before(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (faults, watching) = watch::channel(Faults::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, target.to_owned(), watching));
        Self { address, faults, _tasks: tasks }
    }

    /// Closes every open connection; new ones are served.
    pub(crate) fn cut(&self) {
        self.faults.send_modify(|faults| faults.cuts += 1);
    }

    /// Nothing passes any more, in either direction; nobody is told.
    pub(crate) fn stall(&self) {
        self.faults.send_modify(|faults| faults.stalled = true);
    }

    /// What was held back passes now.
    pub(crate) fn resume(&self) {
        self.faults.send_modify(|faults| faults.stalled = false);
    }
}

async fn accept(listener: TcpListener, target: String, faults: watch::Receiver<Faults>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        connections.spawn(serve(client, target.clone(), faults.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(client: TcpStream, target: String, mut faults: watch::Receiver<Faults>) {
    let born = faults.borrow().cuts;
    // A connection that cannot be made is closed again, as a port nobody listens on would be.
    let Ok(server) = TcpStream::connect(target).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        () = pump(from_client, to_server, faults.clone()) => {}
        () = pump(from_server, to_client, faults.clone()) => {}
        _ = faults.wait_for(|faults| faults.cuts > born) => {}
    }
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut faults: watch::Receiver<Faults>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if faults.wait_for(|faults| !faults.stalled).await.is_err() || to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
