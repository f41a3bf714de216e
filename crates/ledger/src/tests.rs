//! The worked examples of the trade's arithmetic, and random histories, played through the books.

mod glossary;
mod histories;
mod world;
