//! Frames one after another out of a stream, in bounded memory, with their chain.

use std::io::{self, Read};

use thiserror::Error;

use super::segment::Place;
use crate::codec::{self, Content, Frame, FrameError};
use crate::record::{Chain, LogId};

/// Why a stream of frames stopped.
#[derive(Debug, Error)]
pub enum StreamError {
    /// It could not be read.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// A frame is not what it must be.
    #[error(transparent)]
    Frame(#[from] FrameError),
}

/// Bytes read ahead.
const AHEAD: usize = 256 * 1024;

/// Reads frames from a stream, each checked by its digest; holds no more than one frame and what was read ahead.
#[derive(Debug)]
pub struct Frames<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    filled: usize,
    offset: u64,
    seq: u64,
    chain: Chain,
}

/// One frame out of a stream, with its place.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// Its seq.
    pub seq: u64,
    /// The chain value at it.
    pub chain: Chain,
    /// The chain value before it.
    pub before: Chain,
    /// Where it starts, counted from where the stream began plus the offset given there.
    pub offset: u64,
    /// The frame; its digest was checked, its head and body were not.
    pub frame: Frame<'a>,
}

impl Step<'_> {
    /// Decodes head and body, and refuses what version 1 refuses.
    ///
    /// # Errors
    /// As [`codec::read_change`].
    pub fn content(&self, log: LogId) -> Result<Content, FrameError> {
        codec::read_change(&self.frame, log, self.seq, self.chain.mark())
    }

    /// The place behind it.
    pub(super) fn place(&self) -> Place {
        Place {
            seq: self.seq,
            chain: self.chain,
            offset: self.offset + self.frame.bytes.len() as u64,
        }
    }
}

impl<R: Read> Frames<R> {
    /// Frames from `source`, whose first one stands behind `seq` with that chain value, at `offset`.
    pub fn new(source: R, seq: u64, chain: Chain, offset: u64) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            start: 0,
            filled: 0,
            offset,
            seq,
            chain,
        }
    }

    /// The next frame; `None` at the end of the stream, or where a preallocated segment's zeros begin.
    ///
    /// # Errors
    /// What the source says, or what is wrong with the frame's lengths or digest. Then the stream has ended.
    pub fn next_frame(&mut self) -> Result<Option<Step<'_>>, StreamError> {
        self.fill(codec::LEN_BYTES)?;
        let Some(size) = codec::frame_size(&self.buffer[self.start..self.filled])? else {
            return Ok(None);
        };
        self.fill(size)?;
        let (start, offset, before) = (self.start, self.offset, self.chain);
        let Some(frame) = codec::read_frame(&self.buffer[start..self.filled])? else {
            return Ok(None);
        };
        self.chain = codec::chain_next(&before, &frame);
        self.seq += 1;
        self.start += size;
        self.offset += size as u64;
        Ok(Some(Step {
            seq: self.seq,
            chain: self.chain,
            before,
            offset,
            frame,
        }))
    }

    /// Whether every byte of the source was part of a frame.
    ///
    /// # Errors
    /// What the source says.
    pub fn is_used_up(&mut self) -> io::Result<bool> {
        self.fill(1)?;
        Ok(self.start == self.filled)
    }

    /// Whether nothing but zeros follows.
    ///
    /// # Errors
    /// What the source says.
    pub fn only_zeros_follow(&mut self) -> io::Result<bool> {
        loop {
            self.fill(1)?;
            if self.start == self.filled {
                return Ok(true);
            }
            if self.buffer[self.start..self.filled].iter().any(|&b| b != 0) {
                return Ok(false);
            }
            self.start = self.filled;
        }
    }

    /// Reads until `wanted` bytes stand ready, or the source ends.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        if self.filled - self.start >= wanted {
            return Ok(());
        }
        self.buffer.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        self.start = 0;
        if self.buffer.len() < wanted.max(AHEAD) {
            self.buffer.resize(wanted.max(AHEAD), 0);
        }
        while self.filled < wanted {
            match self.source.read(&mut self.buffer[self.filled..]) {
                Ok(0) => break,
                Ok(n) => self.filled += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
