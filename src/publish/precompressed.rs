//! Compressed copies (`page.html.gz`, `page.html.br`) beside files of text.
//!
//! A web server sends them as they are to browsers that take them, smaller than what it could compress in
//! the time of a request. A compressed copy is made of its file's bytes and a recipe alone, so it belongs to the
//! file's trace: it is made when the bytes change and at no other time. Files that would hardly become
//! smaller have none, nor has a file beside which the site publishes one of that name itself.

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_64;

use super::textual::is_compressible;
use crate::config::Precompress;
use crate::fingerprint::Fingerprint;
use crate::fingerprint::file_id;
use crate::plan::Output;
use crate::query::trace::{Encoding, Trace};
use crate::render::Renderer;

/// Below this many bytes a file travels in one packet whether it is compressed or not.
const SMALLEST: usize = 1024;

/// How compressed copies are made in a build.
#[derive(Debug)]
pub struct Compression {
    level: Precompress,
    /// What says that a compressed copy is still made in the same way.
    pub(super) recipe: u64,
    /// Files with the name of a compressed copy that the site publishes itself.
    taken: FxHashSet<u64>,
}

impl Compression {
    /// None if the site has no compressed copies. `program` is the fingerprint of this program.
    pub fn of(renderer: &Renderer, program: &Fingerprint) -> Option<Self> {
        let level = renderer.config.settings.precompress;
        if level == Precompress::Off {
            return None;
        }
        let can_have_any_name =
            |output: &&Output| matches!(output, Output::File(_) | Output::Asset(_) | Output::Alias(_));
        let names = renderer.plan.outputs.iter().filter(can_have_any_name).map(|output| renderer.path(*output));
        let is_compressed = |path: &String| Encoding::ALL.iter().any(|encoding| path.ends_with(encoding.ending()));
        let recipe = xxh3_64(format!("{program:?} {level:?}").as_bytes());
        Some(Self { level, recipe, taken: names.filter(is_compressed).map(|path| file_id(&path)).collect() })
    }

    /// The compressed copies that the file at `path` may have.
    pub fn wanted(&self, path: &str, length: usize) -> impl Iterator<Item = Encoding> {
        let is_wanted = length >= SMALLEST && is_compressible(path);
        let all = if is_wanted { &Encoding::ALL[..] } else { &[] };
        all.iter().copied().filter(|encoding| !self.taken.contains(&file_id(&encoding.path(path))))
    }

    /// Whether the compressed copies of a file are those that were tried: a file of the site may have come or gone
    /// that has the name of one.
    pub(super) fn is_complete(&self, trace: &Trace) -> bool {
        let tried = trace.precompressed.as_ref().map_or(&[][..], |precompressed| &precompressed.tried);
        if self.taken.is_empty() && tried.len() == Encoding::ALL.len() {
            return true;
        }
        self.wanted(&trace.path, trace.stamp.length as usize).eq(tried.iter().copied())
    }

    /// The bytes of a compressed copy; none if they are not a twentieth less.
    pub fn compress(&self, encoding: Encoding, bytes: &[u8]) -> Option<Vec<u8>> {
        let packed = match encoding {
            Encoding::Gzip => self.gzip(bytes),
            Encoding::Brotli => self.brotli(bytes),
        };
        packed.filter(|packed| packed.len() <= bytes.len() - bytes.len() / 20)
    }

    /// RFC 1952, without a time and a name: the same bytes give the same file.
    fn gzip(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        use libdeflater::{CompressionLvl, Compressor};
        let level = match self.level {
            Precompress::Off | Precompress::Fast => 6,
            Precompress::Balanced => 9,
            Precompress::Best => 12,
        };
        let mut compressor = Compressor::new(CompressionLvl::new(level).ok()?);
        let mut packed = vec![0; compressor.gzip_compress_bound(bytes.len())];
        let length = compressor.gzip_compress(bytes, &mut packed).ok()?;
        packed.truncate(length);
        Some(packed)
    }

    /// RFC 7932.
    fn brotli(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        use brotli::enc::BrotliEncoderParams;
        use brotli::enc::backward_references::BrotliEncoderMode;
        let quality = match self.level {
            Precompress::Off | Precompress::Fast => 4,
            Precompress::Balanced => 8,
            Precompress::Best => 11,
        };
        let parameters = BrotliEncoderParams {
            quality,
            // A window of the file's own size is enough, and costs less memory.
            lgwin: (usize::BITS - bytes.len().leading_zeros()).clamp(16, 22) as i32,
            size_hint: bytes.len(),
            mode: BrotliEncoderMode::BROTLI_MODE_TEXT,
            ..BrotliEncoderParams::default()
        };
        let mut packed = Vec::with_capacity(bytes.len() / 3);
        brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters).ok()?;
        Some(packed)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn compression(level: Precompress) -> Compression {
        let taken = [file_id("b.css.br")].into_iter().collect();
        Compression { level, recipe: 1, taken }
    }

    #[test]
    fn companions_hold_the_same_bytes_and_are_the_same_each_time() {
        let text = "All the news that fits the file. ".repeat(200);
        for level in [Precompress::Fast, Precompress::Balanced, Precompress::Best] {
            let compression = compression(level);
            let packed = compression.compress(Encoding::Brotli, text.as_bytes()).expect("smaller");
            let mut plain = String::new();
            brotli::Decompressor::new(&*packed, 4096).read_to_string(&mut plain).expect("brotli");
            assert_eq!(plain, text);
            let packed = compression.compress(Encoding::Gzip, text.as_bytes()).expect("smaller");
            let mut plain = vec![0; text.len()];
            let length = libdeflater::Decompressor::new().gzip_decompress(&packed, &mut plain).expect("gzip");
            assert_eq!((length, plain.as_slice()), (text.len(), text.as_bytes()));
            assert_eq!(&packed[4..8], [0; 4], "no time");
            assert_eq!(compression.compress(Encoding::Gzip, text.as_bytes()), Some(packed));
        }
    }

    #[test]
    fn only_text_that_becomes_smaller_has_companions() {
        let compression = compression(Precompress::Balanced);
        let wanted = |path: &str, length: usize| compression.wanted(path, length).collect::<Vec<_>>();
        assert_eq!(wanted("a/index.html", 5000), Encoding::ALL);
        assert_eq!(wanted("a/MAP.SVG", 5000), Encoding::ALL);
        assert_eq!(wanted("b.css", 5000), [Encoding::Gzip], "the site has the other one itself");
        for (path, length) in [("a.html", 1023), ("a.jpg", 5000), ("a.woff2", 5000), ("html", 5000), ("a.gz", 5000)] {
            assert_eq!(wanted(path, length), [], "{path}");
        }
        let mut noise = Vec::new();
        let mut number = 1u64;
        while noise.len() < 4000 {
            number = xxh3_64(&number.to_le_bytes());
            noise.extend(number.to_le_bytes());
        }
        assert_eq!(compression.compress(Encoding::Gzip, &noise), None);
        assert_eq!(compression.compress(Encoding::Brotli, &noise), None);
    }
}
