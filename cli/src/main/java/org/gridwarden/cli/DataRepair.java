package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.gridwarden.channel.dlms.PushReplay;
import org.gridwarden.core.MeterId;
import org.gridwarden.headend.integrity.DataWatch;
import org.gridwarden.headend.integrity.Refill;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.OfficeKeyAccess;
import org.gridwarden.store.DataCheck;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreException;
import org.gridwarden.store.StoreSettings;
import org.gridwarden.store.TableRepair;
import tools.jackson.databind.json.JsonMapper;

/** Mends what {@link DataRun} finds: indexes, and tables of readings from raw messages. */
final class DataRepair {
  /** So many meters are named; all of them in JSON. */
  private static final int LINES = 50;

  private final DataRun data;
  private final Path folder;
  private final PrintWriter out;
  private final ProgressLine progress;

  DataRepair(Path folder, PrintWriter out, PrintWriter err) {
    this(folder, Optional.empty(), out, err);
  }

  /**
   * @param config as {@link DataRun}
   */
  DataRepair(Path folder, Optional<Path> config, PrintWriter out, PrintWriter err) {
    this.data = new DataRun(folder, config, out);
    this.folder = folder;
    this.out = out;
    this.progress = new ProgressLine(err);
  }

  /**
   * What became of a meter.
   *
   * @param back rows that stand again
   * @param unreadable its raw messages that could not be read again
   * @param lost days that are not as they were, or not there
   * @param asked whether they are asked for again
   */
  record Fate(String meter, long back, long unreadable, List<String> lost, boolean asked) {}

  int run(boolean dryRun, boolean json) {
    DataCheck.Result pages = data.pages();
    try (Store store = Store.open(StoreSettings.embedded(folder))) {
      TableRepair repair = store.repair();
      Damages damages = sort(store, repair, pages);
      List<TableRepair.Begun> open = repair.open();
      if (damages.none() && open.isEmpty()) {
        say(json, Map.of("pages", pages.pages()), pages.pages() + " pages, none damaged");
        return Gridwarden.OK;
      }
      Report report = new Report(dryRun);
      report.hopeless.addAll(damages.hopeless());
      if (dryRun) {
        damages.indexes().forEach(index -> report.indexes.add(index.name()));
      }
      Map<String, Map<MeterId, Long>> before = new LinkedHashMap<>();
      List<TableRepair.Begun> begun = new ArrayList<>(open);
      damages
          .tables()
          .forEach((table, torn) -> {
            progress.show("saving what can be read of " + table);
            begun.removeIf(b -> b.table().equals(table)); // torn once more: begun anew
            begun.add(repair.save(table, torn, dryRun));
          });
      if (!dryRun) {
        report.indexes.addAll(DataCheck.rebuild(store, left(store, pages, damages)));
        begun.forEach(b -> before.put(b.table(), repair.rows(b.table())));
      }
      begun.forEach(b ->
          report.tables.add(
              b.table()
                  + ": "
                  + b.kept()
                  + " rows could be read, "
                  + b.torn()
                  + " pages could not; raw messages from "
                  + b.evidenceFrom()
                  + " on are read again"));
      Map<MeterId, Refill.Messages> read = refill(store, repair, begun, !dryRun);
      if (!dryRun) {
        settle(store, repair, begun, before, read, report);
        report.findings.forEach((table, words) -> report.tables.add(words));
        for (TableRepair.Begun b : begun) {
          repair.done(b, report.back + " rows came back, " + report.lost() + " meters lost some");
        }
        open.stream()
            .filter(o -> begun.stream().noneMatch(b -> b.id() == o.id()))
            .forEach(o -> repair.done(o, "begun anew"));
      } else {
        report.messages(read);
      }
      progress.end();
      report.print(json);
      return report.whole() ? Gridwarden.OK : Gridwarden.FAILED;
    } catch (StoreException e) {
      progress.end();
      throw new Failure(e.fault().where() + ": " + e.fault().remedy());
    }
  }

  /**
   * Damages by what can be done about them.
   *
   * @param tables which can be filled again, with how many torn pages
   * @param hopeless in words
   */
  private record Damages(
      List<DataCheck.Relation> indexes, Map<String, Long> tables, List<String> hopeless) {
    boolean none() {
      return indexes.isEmpty() && tables.isEmpty() && hopeless.isEmpty();
    }
  }

  private static Damages sort(Store store, TableRepair repair, DataCheck.Result pages) {
    List<DataCheck.Relation> indexes = new ArrayList<>();
    Map<String, Long> tables = new TreeMap<>();
    Set<String> hopeless = new TreeSet<>();
    for (DataRun.Damaged one : DataRun.name(store, pages.damages())) {
      if (!one.page().fork().equals("main")) {
        continue; // the server makes its maps again by itself
      }
      var table = one.relation().flatMap(repair::table);
      if (one.relation().isPresent() && one.relation().get().index()) {
        indexes.add(one.relation().get());
      } else if (table.isPresent()) {
        tables.merge(table.get(), 1L, Long::sum);
      } else {
        hopeless.add(
            one.words()
                + (one.relation().filter(r -> r.name().startsWith("evidence")).isPresent()
                    ? ": the raw messages themselves are torn, only a backup has them"
                    : ": bring it back from a backup"));
      }
    }
    return new Damages(indexes, tables, List.copyOf(hopeless));
  }

  /** Indexes that are not gone with their table. */
  private static List<DataCheck.Relation> left(
      Store store, DataCheck.Result pages, Damages damages) {
    Set<String> torn = new TreeSet<>();
    damages.indexes().forEach(index -> torn.add(index.name()));
    return DataRun.name(store, pages.damages()).stream()
        .flatMap(d -> d.relation().stream())
        .filter(r -> r.index() && torn.contains(r.name()))
        .toList();
  }

  private Map<MeterId, Refill.Messages> refill(
      Store store, TableRepair repair, List<TableRepair.Begun> begun, boolean write) {
    if (begun.isEmpty()) {
      return Map.of();
    }
    try (OfficeKey key = data.officeKey()) {
      PushReplay dlms = new PushReplay(new OfficeKeyAccess(key, store.meters()));
      Map<MeterId, Refill.Messages> read =
          new Refill(store.evidence(), repair, store.meters(), dlms::decode)
              .run(
                  begun,
                  write,
                  p -> progress.show(p.read() + " of " + p.all() + " raw messages read again"));
      if (write) {
        var unused = store.folding().fold();
      }
      return read;
    } catch (IOException e) {
      throw new Failure(
          "the keys in " + folder.resolve("keys") + " cannot be used: " + e.getMessage());
    }
  }

  /** Compares with what was vouched for, and has gaps collected. */
  private void settle(
      Store store,
      TableRepair repair,
      List<TableRepair.Begun> begun,
      Map<String, Map<MeterId, Long>> before,
      Map<MeterId, Refill.Messages> read,
      Report report) {
    Map<MeterId, Long> back = new TreeMap<>();
    Map<MeterId, Set<String>> lost = new TreeMap<>();
    for (TableRepair.Begun b : begun) {
      Map<MeterId, Long> saved = before.getOrDefault(b.table(), Map.of());
      repair
          .rows(b.table())
          .forEach(
              (meter, rows) -> back.merge(meter, rows - saved.getOrDefault(meter, 0L), Long::sum));
      for (Map.Entry<MeterId, List<LocalDate>> hole : repair.holes(b.table()).entrySet()) {
        Set<String> days = lost.computeIfAbsent(hole.getKey(), m -> new TreeSet<>());
        hole.getValue().forEach(day -> days.add(day + " is missing"));
      }
    }
    if (data.vouched() && !begun.isEmpty()) {
      progress.show("holding the signed fingerprints against it");
      for (DataWatch.Finding finding : data.watch(store).checkAll()) {
        if (finding.meter().isPresent()) {
          Set<String> days = lost.computeIfAbsent(finding.meter().get(), m -> new TreeSet<>());
          days.remove(finding.day() + " is missing");
          days.add(finding.day() + ": " + finding.what());
        } else {
          report.findings.put(
              finding.day().toString(), "fingerprints of " + finding.day() + ": " + finding.what());
        }
      }
    }
    Set<MeterId> all = new TreeSet<>(back.keySet());
    all.addAll(lost.keySet());
    for (MeterId meter : all) {
      long rows = back.getOrDefault(meter, 0L);
      List<String> days = List.copyOf(lost.getOrDefault(meter, Set.of()));
      Refill.Messages messages = read.get(meter);
      long unreadable = messages == null ? 0 : messages.unreadable();
      if (rows > 0 || !days.isEmpty()) {
        boolean asked = !days.isEmpty() && repair.collectAgain(meter);
        report.add(new Fate(meter.value(), rows, unreadable, days, asked));
      }
    }
  }

  private void say(boolean json, Map<String, Object> all, String words) {
    out.println(json ? JsonMapper.shared().writeValueAsString(all) : words + ": nothing to mend");
    out.flush();
  }

  /** What was done, for a person or as JSON. */
  private final class Report {
    private final boolean dryRun;
    private final List<String> indexes = new ArrayList<>();
    private final List<String> tables = new ArrayList<>();
    private final List<String> hopeless = new ArrayList<>();
    private final Map<String, String> findings = new TreeMap<>();
    private final List<Fate> fates = new ArrayList<>();
    private long back;

    Report(boolean dryRun) {
      this.dryRun = dryRun;
    }

    void add(Fate fate) {
      fates.add(fate);
      back += fate.back();
    }

    long lost() {
      return fates.stream().filter(f -> !f.lost().isEmpty()).count();
    }

    boolean whole() {
      return hopeless.isEmpty() && findings.isEmpty() && lost() == 0;
    }

    /** What a dry run could read. */
    void messages(Map<MeterId, Refill.Messages> read) {
      read.forEach((meter, m) ->
          fates.add(new Fate(meter.value(), m.read(), m.unreadable(), List.of(), false)));
    }

    void print(boolean json) {
      if (json) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("dryRun", dryRun);
        all.put("indexes", indexes);
        all.put("tables", tables);
        all.put("notMended", hopeless);
        all.put("meters", fates);
        out.println(JsonMapper.shared().writeValueAsString(all));
      } else {
        indexes.forEach(i -> out.println((dryRun ? "would be made again: " : "made again: ") + i));
        tables.forEach(
            t -> out.println((dryRun ? "would be filled again: " : "filled again: ") + t));
        lines();
        hopeless.forEach(h -> out.println("not mended: " + h));
      }
      out.flush();
    }

    private void lines() {
      if (fates.isEmpty()) {
        return;
      }
      List<Fate> first =
          fates.stream()
              .sorted((a, b) -> Integer.compare(b.lost().size(), a.lost().size()))
              .limit(LINES)
              .toList();
      Table.print(
          out,
          dryRun
              ? List.of("meter", "messages", "unreadable")
              : List.of("meter", "rows back", "unreadable", "lost"),
          first.stream().map(this::cells).toList());
      if (fates.size() > LINES) {
        out.println("and " + (fates.size() - LINES) + " meters more: --json names all");
      }
      if (!dryRun) {
        out.println(
            back
                + " rows came back; "
                + (lost() == 0
                    ? "nothing is missing that was vouched for"
                    : lost() + " meters lost some, which is a gap now"));
      }
    }

    private List<String> cells(Fate fate) {
      List<String> cells = new ArrayList<>();
      cells.add(fate.meter());
      cells.add(Long.toString(fate.back()));
      cells.add(Long.toString(fate.unreadable()));
      if (!dryRun) {
        cells.add(
            fate.lost().isEmpty()
                ? ""
                : String.join("; ", fate.lost())
                    + (fate.asked() ? " (asked for again)" : " (not a meter that is read)"));
      }
      return cells;
    }
  }
}
