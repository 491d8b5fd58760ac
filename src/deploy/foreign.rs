//! What others have put where a file is to be written.

use rustc_hash::FxHashSet;

use super::delta::Delta;
use super::record::Record;
use super::release::Release;
use super::{Options, Place};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;
use crate::plan::Class;

/// So many are named.
const NAMED: usize = 10;

impl Place {
    /// Refuses a delta that would overwrite what others have put into the target. Whoever takes it over gives up their
    /// files, but no folder with files in it.
    pub(super) fn spare(
        &self,
        delta: &Delta,
        record: &Record,
        release: &Release,
        options: &Options,
    ) -> Result<(), Failure> {
        // A name with a fingerprint is nobody else's.
        let is_asked = |path: &str| {
            let class = release.files[path].entry.class;
            !options.adopt && delta.new.contains(path) && !matches!(class, Class::Fingerprinted | Class::Variant)
        };
        let puts: Vec<(&str, bool)> = delta.puts.iter().map(|(_, path)| (&**path, is_asked(path))).collect();
        if puts.is_empty() {
            return Ok(());
        }
        let mut foreign = self.target.in_the_way(&puts)?;
        foreign.retain(|path| !record.manifest.files.contains_key(path));
        let puts: FxHashSet<&str> = puts.into_iter().map(|(path, _)| path).collect();
        let is_below =
            |path: &String| memchr::memchr_iter(b'/', path.as_bytes()).any(|slash| puts.contains(&path[..slash]));
        if options.adopt {
            foreign.retain(is_below);
        }
        if foreign.is_empty() {
            return Ok(());
        }
        let named: Vec<String> = foreign.iter().take(NAMED).map(|path| format!("/{path}")).collect();
        let more = if foreign.len() > NAMED { ", …" } else { "" };
        let message = format!("this would overwrite foreign files: {}{more}", named.join(", "));
        let is_folder = foreign.iter().any(is_below);
        let adopt = if is_folder { "" } else { ", or let `courant deploy --adopt` overwrite them" };
        Err(Failure::site(Diagnostic::error(message).hint(format!("move them away{adopt}"))))
    }
}
