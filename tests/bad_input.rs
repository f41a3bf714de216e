//! Bad input and a bad day: what is wrong is named with its remedy and never with a value, the program
//! says so by its exit code, good work beside it is done, and nothing is lost or half done. All of it
//! through the real program and its front door, on real servers.

mod compliance;
mod database;
mod disk;
mod files;
mod program;
mod rows;
mod start;
mod stream;
mod tokens;
mod world;
