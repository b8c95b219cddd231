package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What meters were told by clusters of Zigbee's own, load-control events and messages, and what
 * each made of it; kept in a file of the coordinator's folder, the latest 5,000 of all.
 * Thread-safe.
 */
public final class ToldBook {
  private static final Logger LOG = LoggerFactory.getLogger(ToldBook.class);
  private static final String FILE = "told.csv";
  private static final String HEAD = "meter,kind,id,from,minutes,level,state,at,text";
  private static final int MOST = 5_000;

  private final Path file;
  private final ArrayDeque<Told> all = new ArrayDeque<>();

  /** What a meter can be told. */
  enum Kind {
    EVENT,
    MESSAGE
  }

  /**
   * One thing, told to one meter.
   *
   * @param id names it to the meter, 32 bits
   * @param minutes how long it holds
   * @param level an event's criticality, or a message's control
   * @param state what became of it, for people
   * @param at since when it stands so
   * @param text one line
   */
  record Told(
      MeterId meter,
      Kind kind,
      long id,
      Instant from,
      int minutes,
      int level,
      String state,
      Instant at,
      String text) {
    Instant until() {
      return from.plusSeconds(60L * minutes);
    }

    private Told stands(String now, Instant since) {
      return new Told(meter, kind, id, from, minutes, level, now, since, text);
    }

    private boolean is(MeterId its, Kind what, long number) {
      return meter.equals(its) && kind == what && id == number;
    }
  }

  /**
   * The same for people.
   *
   * @param meter to whom
   * @param kind a word
   * @param from from when on
   * @param minutes for how long
   * @param state what became of it
   * @param at since when it stands so
   * @param text what was said
   */
  public record Line(
      String meter,
      String kind,
      Instant from,
      int minutes,
      String state,
      Instant at,
      String text) {}

  private ToldBook(Path folder) {
    this.file = folder.resolve(FILE);
  }

  /**
   * Reads what a coordinator's folder says, without a coordinator: the latest first.
   *
   * @throws IOException where there is no such folder, or its file is damaged
   */
  public static List<Line> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(
          folder + " is no folder; give the one that channels.zigbee names for the coordinator");
    }
    List<Line> lines = new ArrayList<>();
    open(folder)
        .all
        .descendingIterator()
        .forEachRemaining(t ->
            lines.add(
                new Line(
                    t.meter.value(),
                    t.kind.name().toLowerCase(java.util.Locale.ROOT),
                    t.from,
                    t.minutes,
                    t.state,
                    t.at,
                    t.text)));
    return List.copyOf(lines);
  }

  /**
   * Reads what was told before.
   *
   * @throws IOException where the file is damaged, or cannot be read
   */
  static ToldBook open(Path folder) throws IOException {
    ToldBook book = new ToldBook(folder);
    List<String> lines;
    try {
      lines = Files.readAllLines(book.file);
    } catch (NoSuchFileException e) {
      return book;
    }
    for (int i = 1; i < lines.size(); i++) {
      try {
        book.all.add(parse(lines.get(i)));
      } catch (RuntimeException e) {
        throw new IOException(
            book.file + ", line " + (i + 1) + ": a line has " + HEAD + "; " + e.getMessage(), e);
      }
    }
    return book;
  }

  private static Told parse(String line) {
    String[] words = line.split(",", 9);
    if (words.length != 9) {
      throw new IllegalArgumentException("this one has " + words.length);
    }
    return new Told(
        new MeterId(words[0]),
        Kind.valueOf(words[1]),
        Long.parseLong(words[2]),
        Instant.ofEpochSecond(Long.parseLong(words[3])),
        Integer.parseInt(words[4]),
        Integer.parseInt(words[5]),
        words[6],
        Instant.ofEpochSecond(Long.parseLong(words[7])),
        words[8]);
  }

  private static String line(Told one) {
    return String.join(
        ",",
        one.meter.value(),
        one.kind.name(),
        Long.toString(one.id),
        Long.toString(one.from.getEpochSecond()),
        Integer.toString(one.minutes),
        Integer.toString(one.level),
        one.state,
        Long.toString(one.at.getEpochSecond()),
        one.text);
  }

  /** An id that is greater than all before: the seconds since 2000, or the next one. */
  synchronized long nextId(Instant now) {
    return Math.max(
        SmartEnergyTime.seconds(now), all.stream().mapToLong(Told::id).max().orElse(0) + 1);
  }

  synchronized void add(Told one) {
    all.add(one);
    while (all.size() > MOST) {
      all.removeFirst();
    }
    save();
  }

  /** What became of something; says whether this meter was told any such thing. */
  synchronized boolean became(MeterId meter, Kind kind, long id, String state, Instant at) {
    boolean known = all.stream().anyMatch(t -> t.is(meter, kind, id));
    if (known) {
      List<Told> now =
          all.stream().map(t -> t.is(meter, kind, id) ? t.stands(state, at) : t).toList();
      all.clear();
      all.addAll(now);
      save();
    }
    return known;
  }

  /** What a meter was told that is not over yet, in the order of its begin. */
  synchronized List<Told> open(MeterId meter, Kind kind, Instant now) {
    return all.stream()
        .filter(t -> t.meter.equals(meter) && t.kind == kind && t.until().isAfter(now))
        .sorted(Comparator.comparing(Told::from).thenComparingLong(Told::id))
        .toList();
  }

  /** The latest thing that a meter was told. */
  synchronized Optional<Told> last(MeterId meter, Kind kind) {
    return all.stream()
        .filter(t -> t.meter.equals(meter) && t.kind == kind)
        .max(Comparator.comparingLong(Told::id));
  }

  private void save() {
    StringBuilder text = new StringBuilder(HEAD).append('\n');
    all.forEach(one -> text.append(line(one)).append('\n'));
    Path fresh = file.resolveSibling(FILE + ".new");
    try {
      Files.writeString(fresh, text);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // what meters were told is known for now, and forgotten with the process
      LOG.error("{} cannot be written: make room, and see to its rights", file, e);
    }
  }
}
