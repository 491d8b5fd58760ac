//! A folder of files as any static host serves it: what pages are looked at in a browser through.
//!
//! Not the preview of courant, which adds things of its own to pages.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A server of a folder; it ends with the process.
pub struct StaticHost {
    /// `http://127.0.0.1:…`, without a slash at the end.
    pub origin: String,
}

impl StaticHost {
    /// Serves a folder.
    pub fn start(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let folder: Arc<Path> = folder.into();
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let folder = Arc::clone(&folder);
                // A browser that goes away in the middle is no concern.
                std::thread::spawn(move || drop(answer(&connection, &folder)));
            }
        });
        Self { origin }
    }
}

/// Answers the requests of one connection.
fn answer(connection: &TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(connection).lines();
    loop {
        let Some(request) = lines.next().transpose()? else { return Ok(()) };
        while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
        let path = request.split(' ').nth(1).unwrap_or("/").split('?').next().unwrap_or("/");
        let (status, file) = file_of(folder, path);
        let body = fs::read(&file)?;
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
            media_type(&file),
            body.len()
        );
        let mut stream = connection;
        stream.write_all(&[head.as_bytes(), &body].concat())?;
    }
}

fn file_of(folder: &Path, path: &str) -> (&'static str, PathBuf) {
    let path = percent_encoding::percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy();
    let file = folder.join(&*path);
    let file = if file.is_dir() { file.join("index.html") } else { file };
    if file.is_file() { ("200 OK", file) } else { ("404 Not Found", folder.join("404.html")) }
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "jpg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "mp4" => "video/mp4",
        "mp3" => "audio/mpeg",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}
