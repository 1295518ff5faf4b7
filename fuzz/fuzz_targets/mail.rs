#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| baton_fuzz::read(baton::domain::event::SourceType::EmailThread, data));
