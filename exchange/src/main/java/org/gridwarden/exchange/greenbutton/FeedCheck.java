package org.gridwarden.exchange.greenbutton;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.exchange.xml.XmlException;
import org.gridwarden.exchange.xml.XmlLimits;

/**
 * Checks a Green Button file: against the schemas, and for what no schema says: links that lead
 * somewhere, readings that do not overlap, units, rules of summer time. Streams; what it remembers
 * is a line or two an entry. Not thread-safe.
 */
public final class FeedCheck {
  /** Where what is wrong is the whole of it. */
  static final String FILE = "file";

  private static final int FINDINGS = 200;
  private static final int ENTRIES = 1_000_000;

  private final FindingList findings = new FindingList(FINDINGS);
  private final Map<String, Integer> resources = new TreeMap<>();
  private final Set<String> ids = new HashSet<>();
  private final SeriesCheck series = new SeriesCheck(findings);
  private final Map<String, LocalTimes> locals = new LinkedHashMap<>();
  private final Map<String, Integer> selves = new HashMap<>();
  private final List<Wanted> wanted = new ArrayList<>();
  private int entries;

  private record LocalTimes(int line, Resource.LocalTime time) {}

  private record Wanted(int line, String title, String href) {}

  private FeedCheck() {}

  /**
   * Checks a file.
   *
   * @param limits of what is looked into; what is larger is an error
   * @throws IOException where it cannot be read
   */
  public static FeedReport check(Path file, XmlLimits limits) throws IOException {
    FeedCheck check = new FeedCheck();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      check.findings.addAll(SchemaCheck.check(in));
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return check.look(in, limits);
    }
  }

  /** The meaning alone, without the schemas. */
  static FeedReport meaning(InputStream in, XmlLimits limits) throws IOException {
    return new FeedCheck().look(in, limits);
  }

  private FeedReport look(InputStream in, XmlLimits limits) throws IOException {
    try {
      FeedReader.read(
          in,
          limits,
          new FeedReader.Handler() {
            @Override
            public void head(Element feed) {
              if (!feed.children().isEmpty()) {
                needed(feed, "the feed");
              }
            }

            @Override
            public void entry(Entry entry) throws XmlException {
              take(entry);
            }
          });
    } catch (XmlException e) {
      String message = String.valueOf(e.getMessage());
      String what = e.line() > 0 ? message.substring(message.indexOf(": ") + 2) : message;
      // the schemas' reader has said so already where it is no XML at all
      if (findings.kept().stream().noneMatch(f -> f.line() == e.line() && f.where().equals(FILE))) {
        findings.add(Finding.error(e.line(), FILE, what, "mend this line first"));
      }
    }
    relations();
    List<FeedReport.Series> found = series.finish();
    return new FeedReport(entries, findings.kept(), findings.untold(), resources, local(), found);
  }

  private void take(Entry entry) throws XmlException {
    if (++entries > ENTRIES) {
      throw new XmlException(entry.line(), "there are more than " + ENTRIES + " entries: split it");
    }
    needed(entry.element(), "entry");
    if (!entry.id().isEmpty() && !ids.add(entry.id())) {
      findings.add(
          Finding.error(
              entry.line(), "entry", "its id is another entry's", "give each entry its own UUID"));
    }
    long own = entry.hrefs("self").count();
    if (own != 1) {
      findings.add(
          Finding.error(
              entry.line(),
              "entry",
              own == 0 ? "it has no self link" : "it has " + own + " self links",
              "name each entry by one: other entries find it so"));
    } else if (selves.putIfAbsent(entry.self(), entry.line()) != null) {
      findings.add(
          Finding.error(
              entry.line(),
              "entry",
              "its self link is that of line " + selves.get(entry.self()),
              "give each resource its own"));
    }
    Element content = entry.content().orElse(null);
    if (content == null) {
      findings.add(
          Finding.error(
              entry.line(), "entry", "it does not hold one resource", "write one a content"));
      return;
    }
    resources.merge(content.name(), 1, Integer::sum);
    Resource resource;
    try {
      resource = ResourceReader.read(content);
    } catch (XmlException e) {
      String message = String.valueOf(e.getMessage());
      if (findings.kept().stream().noneMatch(f -> f.line() == e.line())) {
        findings.add(
            Finding.error(
                e.line(),
                content.name(),
                message.substring(message.indexOf(": ") + 2),
                "correct it"));
      }
      return;
    }
    switch (resource) {
      case Resource.UsagePoint point -> {
        series.usagePoint(entry, point);
        entry
            .hrefs("related")
            .filter(h -> h.contains("LocalTimeParameters"))
            .forEach(h -> wanted.add(new Wanted(entry.line(), entry.title(), h)));
      }
      case Resource.MeterReading reading -> series.meterReading(entry);
      case Resource.ReadingType type -> series.readingType(entry, type);
      case Resource.IntervalBlock block -> series.block(BlockFacts.of(entry, block, findings));
      case Resource.LocalTime time -> local(entry, time);
      case Resource.UsageSummary summary -> {}
      case Resource.QualitySummary summary -> {}
      case Resource.Other other -> {}
    }
  }

  private void needed(Element at, String where) {
    for (String name : List.of("id", "title", "updated")) {
      long count = at.all(name).count();
      if (count != 1) {
        findings.add(
            Finding.error(
                at.line(),
                where,
                count == 0 ? "it has no " + name : "it has " + count + " of " + name,
                "Atom wants exactly one"));
      }
    }
  }

  private void local(Entry entry, Resource.LocalTime time) {
    locals.put(entry.self(), new LocalTimes(entry.line(), time));
    if (Math.abs(time.offset()) > 14 * 3600) {
      findings.add(
          Finding.error(
              entry.line(),
              "local time",
              "tzOffset is " + time.offset() + " s",
              "write seconds east of UTC, at most 14 hours"));
    }
    rule(entry, "dstStartRule", time.begins());
    rule(entry, "dstEndRule", time.ends());
    if (time.begins().none() != time.ends().none()) {
      findings.add(
          Finding.error(
              entry.line(),
              "local time",
              "summer time " + (time.begins().none() ? "ends and never begins" : "never ends"),
              "write both rules, or FFFFFFFF for both"));
    } else if (!time.begins().none() && (time.shift() <= 0 || time.shift() > 7200)) {
      findings.add(
          Finding.error(
              entry.line(),
              "local time",
              "dstOffset is " + time.shift() + " s though summer time begins",
              "write what summer adds: 3600 nearly everywhere"));
    }
  }

  private void rule(Entry entry, String name, DstRule rule) {
    rule.fault()
        .ifPresent(what ->
            findings.add(
                Finding.error(
                    entry.line(),
                    "local time",
                    name + " " + rule.hex() + ": " + what,
                    "bits 28-31 are the month, 25-27 the operator, 20-24 the day, 17-19 the day of"
                        + " the week, 12-16 the hour, 0-11 the second")));
  }

  private void relations() {
    for (Wanted want : wanted) {
      if (!locals.containsKey(want.href())) {
        findings.add(
            Finding.warning(
                want.line(),
                "usage point",
                "its LocalTimeParameters " + want.href() + " are not in the feed",
                "add them: days are cut by them"));
      }
    }
  }

  private String local() {
    StringBuilder words = new StringBuilder();
    for (LocalTimes local : locals.values()) {
      long minutes = local.time().offset() / 60;
      words
          .append(words.isEmpty() ? "" : "; ")
          .append(
              String.format(
                  java.util.Locale.ROOT,
                  "UTC%s%02d:%02d",
                  minutes < 0 ? "-" : "+",
                  Math.abs(minutes) / 60,
                  Math.abs(minutes) % 60));
      if (!local.time().begins().none()) {
        words
            .append(", summer from the ")
            .append(local.time().begins().words())
            .append(" to the ")
            .append(local.time().ends().words());
      }
    }
    return words.toString();
  }
}
