package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.gridwarden.core.MeterId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When each meter was heard last, kept in a file once a minute, so that it is known after a silence
 * of the meter's or the office's what is missing. Thread-safe.
 */
final class Silences {
  private static final Logger LOG = LoggerFactory.getLogger(Silences.class);
  private static final String FILE = "heard.csv";
  private static final String HEAD = "meter,at";

  private final Path file;
  private final Duration silence;
  private final TreeMap<String, Instant> heard = new TreeMap<>();
  private boolean changed;

  private Silences(Path file, Duration silence) {
    this.file = file;
    this.silence = silence;
  }

  /**
   * @param silence longer than that is one
   * @throws IOException where the file is damaged, or cannot be read
   */
  static Silences open(Path folder, Duration silence) throws IOException {
    Silences all = new Silences(folder.resolve(FILE), silence);
    List<String> lines;
    try {
      lines = Files.readAllLines(all.file);
    } catch (NoSuchFileException e) {
      return all;
    }
    for (int i = 1; i < lines.size(); i++) {
      String[] words = lines.get(i).split(",", -1);
      try {
        all.heard.put(
            new MeterId(words[0]).value(), Instant.ofEpochSecond(Long.parseLong(words[1])));
      } catch (RuntimeException e) {
        throw new IOException(
            all.file + ", line " + (i + 1) + ": a line has " + HEAD + "; take it away", e);
      }
    }
    return all;
  }

  /** A meter is heard; since when it was not, where that was a silence. */
  synchronized Optional<Instant> heard(MeterId meter, Instant now) {
    Instant before = heard.put(meter.value(), now);
    changed = true;
    return before != null && Duration.between(before, now).compareTo(silence) > 0
        ? Optional.of(before)
        : Optional.empty();
  }

  /** Keeps it. */
  void keep() {
    StringBuilder text = new StringBuilder(HEAD).append('\n');
    synchronized (this) {
      if (!changed) {
        return;
      }
      changed = false;
      for (Map.Entry<String, Instant> one : heard.entrySet()) {
        text.append(one.getKey()).append(',').append(one.getValue().getEpochSecond()).append('\n');
      }
    }
    Path fresh = file.resolveSibling(FILE + ".new");
    try {
      Files.writeString(fresh, text);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // after a restart a gap may be found that is none, or one less
      LOG.error("{} cannot be written: make room, and see to its rights", file, e);
    }
  }
}
