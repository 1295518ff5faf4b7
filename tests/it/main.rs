//! The one integration binary. One file per area; helpers in `support`.

mod cases;
mod model;
mod support;
