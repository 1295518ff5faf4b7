//! The one integration binary. One file per area; helpers in `support`.

mod model;
mod cases;
mod support;
