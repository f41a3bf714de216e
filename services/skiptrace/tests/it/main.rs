//! Skiptrace through its front door: what it hears, the files that it writes, the files that it reads.

mod asking;
mod calls;
mod importing;
mod world;
