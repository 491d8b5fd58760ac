//! The photo desk: from a photograph to its copies in several sizes and formats.
//!
//! What is made of an image is a pure function of its bytes and of the recipe, so each copy is kept in
//! `.courant/images/` under the hash of both, and made once. An image is decoded at most once for all
//! copies that are wanted of it; one whose copies are there is not decoded at all. The codecs are
//! libraries; here is what is done with them, in bounded memory.

mod cache;
mod decode;
mod encode;
mod request;
mod store;

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use image::DynamicImage;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::Quality;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::original::Format;
use crate::original::Metadata;
use crate::source::Reader;
use crate::variant::{Cut, Variant};
pub use cache::Cache;
pub use decode::size;
pub use request::{FOLDER, ImageRequest, Problem};
pub use store::Store;

/// Grows whenever other bytes come of the same image and recipe.
const VERSION: u64 = 2;

/// How many pixels the photographs of a batch may have that are decoded before any copy is encoded, and how
/// many the copies: each takes 3 or 4 bytes. A batch is never less than one photograph.
const BATCH_PIXELS: [u64; 2] = [96_000_000, 48_000_000];

/// Pixels of the longer side of a placeholder.
const PLACEHOLDER_SIDE: u32 = 16;

/// The desk of one build.
#[derive(Debug)]
pub struct ImageProcessor {
    reader: Arc<Reader>,
    cache: Cache,
    decoded: AtomicUsize,
    /// Images of which nothing can be made, by their bytes: not tried twice.
    problems: Mutex<FxHashMap<Fingerprint, Problem>>,
    /// Those of which a page has told.
    told: Mutex<FxHashSet<Fingerprint>>,
    /// Why a copy could not be kept that was made before it is wanted.
    unkept: Mutex<Option<io::Error>>,
}

/// What is to be made of one photograph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Copy(Variant),
    Placeholder,
}

/// The pixels of what is wanted; formats of one size share them.
type Shrunk = Vec<(Wanted, Arc<DynamicImage>)>;

impl ImageProcessor {
    /// The desk of a site, whose photographs come from `reader`.
    pub fn new(reader: Arc<Reader>) -> Self {
        Self {
            cache: Cache::new(reader.root().join(FOLDER)),
            reader,
            decoded: AtomicUsize::new(0),
            problems: Mutex::default(),
            told: Mutex::default(),
            unkept: Mutex::default(),
        }
    }

    /// Looks for copies in this store too, and keeps there what is made.
    pub fn keep_in(&mut self, store: Arc<dyn Store>) {
        self.cache.keep_in(store);
    }

    /// How many photographs were decoded.
    pub fn decoded(&self) -> usize {
        self.decoded.load(Ordering::Relaxed)
    }

    /// Notes that a page has told what is wrong with the image of these bytes.
    pub fn tell(&self, content: Fingerprint) {
        self.told.lock().expect("no panic while locked").insert(content);
    }

    /// The images of which pages have told that something is wrong with them, and all of which nothing can be made.
    pub fn broken(&self) -> [Vec<Fingerprint>; 2] {
        let mut told: Vec<Fingerprint> = self.told.lock().expect("no panic while locked").iter().copied().collect();
        let mut all: Vec<Fingerprint> = self.problems.lock().expect("no panic while locked").keys().copied().collect();
        told.sort_unstable();
        all.sort_unstable();
        [told, all]
    }

    /// What is wrong with a photograph and no page has told.
    pub fn untold(&self, order: &ImageRequest<'_>) -> Option<Problem> {
        let is_told = self.told.lock().expect("no panic while locked").contains(&order.content);
        self.problem(order).filter(|_| !is_told)
    }

    fn problem(&self, order: &ImageRequest<'_>) -> Option<Problem> {
        self.problems.lock().expect("no panic while locked").get(&order.content).cloned()
    }

    /// Makes the copies that are not in the cache, and the placeholders, of all these photographs.
    /// `begins` is told how many they are, and `done` how many more are done. What cannot be made is found out again by who asks for it.
    ///
    /// # Errors
    /// What was made cannot be kept.
    pub fn prepare(
        &self,
        orders: &[(ImageRequest<'_>, Vec<Variant>)],
        begins: &dyn Fn(usize),
        done: &dyn Fn(usize),
    ) -> io::Result<()> {
        let missing: Vec<(usize, Vec<Wanted>)> = orders
            .par_iter()
            .map(|(order, variants)| {
                let copies = variants.iter().copied().map(Wanted::Copy);
                let all = copies.chain(std::iter::once(Wanted::Placeholder));
                all.filter(|wanted| !self.cache.has(&key(order, *wanted))).collect()
            })
            .enumerate()
            .collect();
        // A photograph may be there under several names: what is made of its bytes is made once.
        let mut keys = FxHashSet::default();
        let missing: Vec<(usize, Vec<Wanted>)> = missing
            .into_iter()
            .map(|(at, mut wanted)| {
                wanted.retain(|wanted| keys.insert(key(&orders[at].0, *wanted)));
                (at, wanted)
            })
            .filter(|(_, wanted)| !wanted.is_empty())
            .collect();
        begins(missing.len());
        let mut missing = missing.into_iter().peekable();
        while missing.peek().is_some() {
            let mut pixels = [0, 0];
            let mut batch = Vec::new();
            while let Some((at, wanted)) = missing.next_if(|(at, wanted)| {
                let more = pixels_of(&orders[*at].0, wanted);
                batch.is_empty() || (0..2).all(|of| pixels[of] + more[of] <= BATCH_PIXELS[of])
            }) {
                let more = pixels_of(&orders[at].0, &wanted);
                (0..2).for_each(|of| pixels[of] += more[of]);
                batch.push((&orders[at].0, wanted));
            }
            self.make(&batch);
            if let Some(error) = self.unkept.lock().expect("no panic while locked").take() {
                return Err(error);
            }
            done(batch.len());
        }
        Ok(())
    }

    /// Decodes a few photographs, and encodes what is wanted of them: all with all hands.
    fn make(&self, batch: &[(&ImageRequest<'_>, Vec<Wanted>)]) {
        let shrunk: Vec<_> = batch.par_iter().map(|(order, wanted)| (*order, self.shrink(order, wanted))).collect();
        let mut jobs: Vec<(&ImageRequest<'_>, &Metadata, &Wanted, &Arc<DynamicImage>)> = Vec::new();
        for (order, result) in &shrunk {
            match result {
                Ok((metadata, images)) => {
                    jobs.extend(images.iter().map(|(wanted, image)| (*order, metadata, wanted, image)));
                }
                Err(problem) => {
                    self.problems.lock().expect("no panic while locked").insert(order.content, problem.clone());
                }
            }
        }
        // The longest work first, so that nobody waits for it in the end.
        jobs.sort_by_key(|(_, _, wanted, image)| {
            let weight = if matches!(wanted, Wanted::Copy(copy) if copy.format == Format::Avif) { 8 } else { 1 };
            std::cmp::Reverse(u64::from(image.width()) * u64::from(image.height()) * weight)
        });
        jobs.into_par_iter().with_max_len(1).for_each(|(order, metadata, wanted, image)| {
            let made = match wanted {
                Wanted::Copy(copy) => encode::copy(image, copy.format, order.quality, metadata),
                Wanted::Placeholder => encode::placeholder(image),
            };
            match made.map(|bytes| self.cache.write(&key(order, *wanted), &bytes)) {
                Ok(Ok(())) => {}
                // The machine is at fault, and not the photograph.
                Ok(Err(error)) => *self.unkept.lock().expect("no panic while locked") = Some(error),
                Err(problem) => {
                    self.problems.lock().expect("no panic while locked").insert(order.content, problem);
                }
            }
        });
    }

    /// The image in every size and cut that is wanted.
    fn shrink(&self, order: &ImageRequest<'_>, wanted: &[Wanted]) -> Result<(Metadata, Shrunk), Problem> {
        self.decoded.fetch_add(1, Ordering::Relaxed);
        let bytes = self
            .reader
            .read(order.path, &order.content)
            .map_err(|problem| Problem { message: problem.message, hint: "build again" })?;
        let halvings = |wanted: &Wanted| halvings(scale(order, *wanted));
        let (metadata, halved) = decode::halved(order, bytes, wanted.iter().map(halvings).collect())?;
        // The same pixels for all formats.
        let mut images = Shrunk::new();
        for wanted in wanted {
            let shape = shape(order, *wanted);
            let known = images.iter().find(|(other, _)| self::shape(order, *other) == shape);
            let image = match known {
                Some((_, image)) => Arc::clone(image),
                None => Arc::new(decode::cut(&halved[&halvings(wanted)], shape.0, shape.1, shape.2)),
            };
            images.push((*wanted, image));
        }
        Ok((metadata, images))
    }

    /// One copy of a photograph: from the cache, or made now.
    ///
    /// # Errors
    /// The photograph is broken, or the machine failed.
    pub fn copy(&self, order: &ImageRequest<'_>, variant: Variant) -> Result<Vec<u8>, Problem> {
        self.one(order, Wanted::Copy(variant))
    }

    /// The miniature of a photograph as a `data:` address: from the cache, or made now.
    ///
    /// # Errors
    /// The photograph is broken, or the machine failed.
    pub fn placeholder(&self, order: &ImageRequest<'_>) -> Result<String, Problem> {
        let bytes = self.one(order, Wanted::Placeholder)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn one(&self, order: &ImageRequest<'_>, wanted: Wanted) -> Result<Vec<u8>, Problem> {
        let key = key(order, wanted);
        if let Some(bytes) = self.cache.read(&key) {
            return Ok(bytes);
        }
        if let Some(problem) = self.problem(order) {
            return Err(problem);
        }
        let (metadata, images) = self.shrink(order, &[wanted]).inspect_err(|problem| {
            self.problems.lock().expect("no panic while locked").insert(order.content, problem.clone());
        })?;
        let (_, image) = images.into_iter().next().expect("one was wanted");
        let bytes = match wanted {
            Wanted::Copy(copy) => encode::copy(&image, copy.format, order.quality, &metadata)?,
            Wanted::Placeholder => encode::placeholder(&image)?,
        };
        // Without a cache it is only slower.
        let _ = self.cache.write(&key, &bytes);
        Ok(bytes)
    }

    /// Throws away what is neither among these copies nor young, if anything new was made.
    pub fn tidy<'a>(&self, all: impl Iterator<Item = (ImageRequest<'a>, &'a [Variant])>) {
        if self.decoded() == 0 {
            return;
        }
        let mut keys = FxHashSet::default();
        for (order, variants) in all {
            keys.insert(key(&order, Wanted::Placeholder));
            keys.extend(variants.iter().map(|variant| key(&order, Wanted::Copy(*variant))));
        }
        self.cache.tidy(&keys);
    }
}

/// What a batch counts: the pixels of the photograph, and those of its copies, whatever their formats.
fn pixels_of(order: &ImageRequest<'_>, wanted: &[Wanted]) -> [u64; 2] {
    let area = |width: u32, height: u32| u64::from(width) * u64::from(height);
    let mut shapes = Vec::new();
    for shape in wanted.iter().map(|wanted| shape(order, *wanted)) {
        if !shapes.contains(&shape) {
            shapes.push(shape);
        }
    }
    let (width, height) = order.size;
    [area(width, height), shapes.into_iter().map(|(_, width, height)| area(width, height)).sum()]
}

/// The part and the size of what is wanted.
fn shape(order: &ImageRequest<'_>, wanted: Wanted) -> (Option<Cut>, u32, u32) {
    match wanted {
        Wanted::Copy(copy) => (copy.cut, copy.width, copy.height),
        Wanted::Placeholder => {
            let (width, height) = placeholder_size(order.size);
            (None, width, height)
        }
    }
}

/// The share of the original's size at which nothing that is wanted loses anything.
fn scale(order: &ImageRequest<'_>, wanted: Wanted) -> f64 {
    let (width, height) = order.size;
    match wanted {
        Wanted::Placeholder => f64::from(placeholder_size(order.size).0) / f64::from(width),
        Wanted::Copy(copy) => {
            let (cut_width, _) = copy.cut.map_or((width, height), |cut| cut.size(width, height));
            f64::from(copy.width) / f64::from(cut_width)
        }
    }
}

/// How often the original is halved before something is made of it that has this share of its size. It follows from
/// what is made alone: the same copy has the same bytes, whatever else is made with it.
fn halvings(scale: f64) -> u32 {
    (0..16).take_while(|count| scale * f64::from(2_u32 << count) <= 1.0).count() as u32
}

fn placeholder_size((width, height): (u32, u32)) -> (u32, u32) {
    let longer = width.max(height).max(1);
    let side = |length: u32| (length * PLACEHOLDER_SIDE.min(longer)).div_ceil(longer).max(1);
    (side(width), side(height))
}

/// The name of what is wanted in the cache.
fn key(order: &ImageRequest<'_>, wanted: Wanted) -> Fingerprint {
    let mut key = Fingerprinter::new("image");
    key.number(VERSION).part(&order.content);
    match wanted {
        Wanted::Placeholder => {
            key.text("placeholder");
        }
        Wanted::Copy(copy) => {
            let quality = match copy.format {
                Format::Avif => order.quality.avif,
                Format::Webp => order.quality.webp,
                Format::Jpeg => order.quality.jpeg,
                _ => 0,
            };
            key.text(copy.format.name()).number(quality.into());
            key.number(copy.width.into()).number(copy.height.into());
            if let Some(Cut { ratio, focus }) = copy.cut {
                key.text(ratio.name()).number(focus.0.into()).number(focus.1.into());
            }
        }
    }
    key.finish()
}

/// What the name of an image's copies depends on beside its bytes.
pub fn recipe(quality: Quality) -> u64 {
    u64::from_le_bytes([quality.avif, quality.webp, quality.jpeg, VERSION as u8, 0, 0, 0, 0])
}
