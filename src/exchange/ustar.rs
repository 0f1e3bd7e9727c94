//! The batch's container: a ustar file of which every byte is implied (`format.md`, "Batch").
//!
//! Writing and reading share one function for a header, so that reading is a comparison: whatever differs is refused.

use std::io::{self, Read, Write};

use super::error::Refusal;

/// Bytes of a header and of what a member is padded to.
pub const BLOCK: usize = 512;
/// The time of every member: 2000-01-01T00:00:00Z.
const MTIME: u64 = 946_684_800;

/// The header of a member. `name` is at most 100 bytes, `size` below 8 GiB.
pub fn header(name: &str, size: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, format!("{MTIME:011o}\0").as_bytes());
    // The checksum is taken with its own field as blanks (POSIX.1-1988, ustar).
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:07o}\0").as_bytes());
    block
}

/// Zeros behind a member of `size` bytes.
pub fn padding(size: u64) -> usize {
    (BLOCK - (size % BLOCK as u64) as usize) % BLOCK
}

/// Writes members one after another.
pub struct Writer<W> {
    out: W,
}

impl<W: Write> Writer<W> {
    /// Writes into `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }

    /// Writes a member whose `size` bytes come from `body`.
    ///
    /// # Errors
    /// Those of reading and writing; `body` shorter than `size` is [`io::ErrorKind::UnexpectedEof`].
    pub fn member(&mut self, name: &str, size: u64, body: &mut dyn Read) -> io::Result<()> {
        self.out.write_all(&header(name, size))?;
        if io::copy(&mut body.take(size), &mut self.out)? != size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.out.write_all(&[0; BLOCK][..padding(size)])
    }

    /// Writes the two zero blocks of the end, and gives the output back.
    ///
    /// # Errors
    /// Those of writing.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(&[0; 2 * BLOCK])?;
        Ok(self.out)
    }
}

/// Reads members whose names are known beforehand.
pub struct Reader<R> {
    input: R,
    name: String,
    size: u64,
    left: u64,
}

impl<R: Read> Reader<R> {
    /// Reads from `input`, which stands at the first header.
    pub fn new(input: R) -> Self {
        Self {
            input,
            name: String::new(),
            size: 0,
            left: 0,
        }
    }

    fn exact(&mut self, bytes: &mut [u8]) -> Result<(), Refusal> {
        self.input
            .read_exact(bytes)
            .map_err(|why| read_error(&self.name, &why))
    }

    /// Reads the header of the next member, which must be `name`; the one before must have been closed. Gives its size.
    ///
    /// # Errors
    /// [`Refusal::Changed`] for any other byte, [`Refusal::Large`] for more than `max` bytes.
    pub fn open(&mut self, name: &str, max: u64) -> Result<u64, Refusal> {
        self.name = name.into();
        let mut block = [0; BLOCK];
        self.exact(&mut block)?;
        let size = std::str::from_utf8(&block[124..135])
            .ok()
            .and_then(|digits| u64::from_str_radix(digits, 8).ok())
            .filter(|&size| header(name, size) == block)
            .ok_or_else(|| Refusal::Changed(name.into()))?;
        if size > max {
            return Err(Refusal::Large(name.into()));
        }
        (self.size, self.left) = (size, size);
        Ok(size)
    }

    /// Reads what is left of the open member into memory; its size was bounded when it was opened.
    ///
    /// # Errors
    /// [`Refusal::Short`] if the file ends.
    pub fn take_bytes(&mut self) -> Result<Vec<u8>, Refusal> {
        let mut bytes = vec![0; usize::try_from(self.left).unwrap_or(usize::MAX)];
        self.left = 0;
        self.exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Closes the open member: all of it must have been read, and its padding must be zeros.
    ///
    /// # Errors
    /// [`Refusal::Changed`] or [`Refusal::Short`].
    pub fn close(&mut self) -> Result<(), Refusal> {
        let mut zeros = [0; BLOCK];
        let zeros = &mut zeros[..padding(self.size)];
        if self.left > 0 {
            return Err(Refusal::Changed(self.name.clone()));
        }
        self.exact(zeros)?;
        match zeros.iter().all(|&byte| byte == 0) {
            true => Ok(()),
            false => Err(Refusal::Changed(self.name.clone())),
        }
    }

    /// Reads the end: two zero blocks and nothing more.
    ///
    /// # Errors
    /// [`Refusal::Changed`] or [`Refusal::Short`].
    pub fn finish(mut self) -> Result<(), Refusal> {
        self.name = "end".into();
        let mut zeros = [0; 2 * BLOCK];
        self.exact(&mut zeros)?;
        let more = self.input.read(&mut [0]).unwrap_or(1);
        match zeros.iter().all(|&byte| byte == 0) && more == 0 {
            true => Ok(()),
            false => Err(Refusal::Changed(self.name)),
        }
    }
}

fn read_error(name: &str, why: &io::Error) -> Refusal {
    match why.kind() {
        io::ErrorKind::UnexpectedEof => Refusal::Short(name.into()),
        _ => Refusal::Io {
            what: name.into(),
            why: why.to_string(),
        },
    }
}

/// The open member's bytes, streaming.
impl<R: Read> Read for Reader<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let most = bytes
            .len()
            .min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.input.read(&mut bytes[..most])?;
        if read == 0 && most > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Vec<u8> {
        let mut tar = Writer::new(Vec::new());
        tar.member("a", 3, &mut &b"abc"[..]).unwrap();
        tar.member("logs/b", 512, &mut &[7; 512][..]).unwrap();
        tar.member("empty", 0, &mut &b""[..]).unwrap();
        tar.finish().unwrap()
    }

    fn read(bytes: &[u8]) -> Result<Vec<Vec<u8>>, Refusal> {
        let mut tar = Reader::new(bytes);
        let mut members = Vec::new();
        for name in ["a", "logs/b", "empty"] {
            tar.open(name, 512)?;
            members.push(tar.take_bytes()?);
            tar.close()?;
        }
        tar.finish()?;
        Ok(members)
    }

    #[test]
    fn members_are_read_as_they_were_written() {
        let bytes = written();
        assert_eq!(bytes.len(), 512 * (2 + 2 + 1 + 2));
        assert_eq!(
            read(&bytes).unwrap(),
            [b"abc".to_vec(), vec![7; 512], vec![]]
        );
    }

    #[test]
    fn any_changed_byte_outside_a_body_and_any_cut_is_refused() {
        let bytes = written();
        let bodies = [512..515, 1536..2048];
        for at in (0..bytes.len()).filter(|at| !bodies.iter().any(|body| body.contains(at))) {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(read(&changed).is_err(), "changed at {at}");
        }
        for cut in 0..bytes.len() {
            assert!(read(&bytes[..cut]).is_err(), "cut at {cut}");
        }
        let mut longer = bytes;
        longer.push(0);
        assert!(read(&longer).is_err());
    }

    #[test]
    fn other_tools_read_our_headers() {
        let bytes = written();
        let mut archive = tar::Archive::new(bytes.as_slice());
        let names: Vec<_> = archive
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().path().unwrap().into_owned())
            .collect();
        assert_eq!(
            names,
            ["a", "logs/b", "empty"].map(std::path::PathBuf::from)
        );
    }

    #[test]
    fn a_member_larger_than_it_may_be_is_refused_before_it_is_read() {
        let bytes = header("a", (8 << 30) - 1);
        assert_eq!(
            Reader::new(&bytes[..]).open("a", 512),
            Err(Refusal::Large("a".into()))
        );
    }
}
