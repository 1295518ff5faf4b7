//! The one integration binary. One file per area; helpers in `support`.

mod store;
mod support;
