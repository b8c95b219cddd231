package org.gridwarden.server.ssh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file on its way: written under another name, and moved into its place when it is closed after
 * {@link #whole}. Otherwise, as when the connection breaks, nothing of it is left.
 */
final class Half implements SeekableByteChannel {
  private final UserFolder folder;
  private final Path half;
  private final Path target;
  private final FileChannel channel;
  private long reserved;
  private boolean whole;
  private boolean broken;
  private boolean placed;

  Half(UserFolder folder, Path half, Path target) throws IOException {
    this.folder = folder;
    this.half = half;
    this.target = target;
    try {
      this.channel =
          FileChannel.open(half, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      folder.grown(0);
      throw e;
    }
  }

  /** Nothing more will come. What was refused in between is never whole. */
  synchronized void whole() {
    whole = !broken;
  }

  /** Whether it stands in its place. */
  synchronized boolean placed() {
    return placed;
  }

  @Override
  public synchronized int write(ByteBuffer from) throws IOException {
    boolean written = false;
    try {
      int count = writeAll(from);
      written = true;
      return count;
    } finally {
      broken |= !written; // a client closes its file all the same
    }
  }

  private int writeAll(ByteBuffer from) throws IOException {
    long end = channel.position() + from.remaining();
    if (end > reserved) {
      folder.grow(end, end - reserved);
      reserved = end;
    }
    int count = 0;
    while (from.hasRemaining()) {
      count += channel.write(from);
    }
    return count;
  }

  @Override
  public int read(ByteBuffer into) {
    throw new NonReadableChannelException();
  }

  @Override
  public long position() throws IOException {
    return channel.position();
  }

  @Override
  public synchronized SeekableByteChannel position(long position) throws IOException {
    channel.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    channel.truncate(size);
    return this;
  }

  /** To the disk. */
  void force() throws IOException {
    channel.force(true);
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public synchronized void close() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    try {
      if (whole) {
        channel.force(true);
        channel.close();
        Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
        placed = true;
      }
    } finally {
      channel.close();
      Files.deleteIfExists(half);
      folder.grown(reserved);
    }
  }
}
