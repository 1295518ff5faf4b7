//! The one integration binary. One file per area; helpers in `support`.

mod inbox;
mod store;
mod support;
