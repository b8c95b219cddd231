package org.gridwarden.store.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.gridwarden.security.backup.BackupRecipient;
import org.gridwarden.security.backup.RunKey;
import org.jspecify.annotations.Nullable;

/**
 * Puts chunks into a repository that are not there, several at once so that their forced writes
 * overlap. One thread adds; {@link #finish} waits for all.
 */
final class ChunkWriter implements AutoCloseable {
  private static final int AT_ONCE = 16;

  private final Repository repository;
  private final BackupRecipient recipient;
  private final RunKey key;
  private final Map<ChunkName, Integer> places = new LinkedHashMap<>();
  private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicLong newChunks = new AtomicLong();
  private final AtomicLong newBytes = new AtomicLong();

  ChunkWriter(Repository repository, BackupRecipient recipient, RunKey key) {
    this.repository = repository;
    this.recipient = recipient;
    this.key = key;
  }

  /** Takes a chunk, and gives its place in {@link #names}. */
  int add(byte[] plain) throws IOException {
    ChunkName name = new ChunkName(recipient.name(plain));
    Integer known = places.get(name);
    if (known != null) {
      return known;
    }
    int place = places.size();
    places.put(name, place);
    if (!repository.has(name)) {
      room.acquireUninterruptibly();
      writers.execute(() -> {
        try {
          byte[] packed = Chunks.pack(key, name, plain);
          repository.put(name, packed);
          newChunks.incrementAndGet();
          newBytes.addAndGet(packed.length);
        } catch (IOException | RuntimeException e) {
          failure.compareAndSet(null, e);
        } finally {
          room.release();
        }
      });
    }
    check();
    return place;
  }

  /** Waits until all are on the disk. */
  void finish() throws IOException {
    room.acquireUninterruptibly(AT_ONCE);
    room.release(AT_ONCE);
    check();
  }

  List<ChunkName> names() {
    return new ArrayList<>(places.keySet());
  }

  long newChunks() {
    return newChunks.get();
  }

  long newBytes() {
    return newBytes.get();
  }

  @Override
  public void close() {
    writers.close();
  }

  private void check() throws IOException {
    Throwable failed = failure.get();
    if (failed instanceof IOException io) {
      throw new IOException(
          "the repository " + repository.folder() + " cannot be written: " + io.getMessage(), io);
    }
    if (failed instanceof RuntimeException other) {
      throw other;
    }
    if (failed != null) {
      throw new UncheckedIOException(new IOException(failed));
    }
  }
}
