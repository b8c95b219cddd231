package org.gridwarden.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.store.CommandQuery;
import org.gridwarden.store.KeyBook;
import org.gridwarden.store.StoredCommand;

/**
 * An office in a process of its own that gives each of a street's meters new keys, and goes on with
 * that wherever it died: {@code FOLDER PORT METERS rotate}. It writes a file when it is done. With
 * {@code reach} it looks whether each meter has its new keys and answers a command under them.
 */
final class RotatingOffice {
  private static final int CHUNK = 200;
  private static final int AT_ONCE = 500;

  private RotatingOffice() {}

  static Path done(Path folder) {
    return folder.resolve("done");
  }

  /** Holds how often a meter used a counter twice with a key. */
  static Path reached(Path folder) {
    return folder.resolve("reached");
  }

  static Path up(Path folder) {
    return folder.resolve("up");
  }

  static List<MeterId> meters(int count) {
    List<MeterId> meters = new ArrayList<>(count);
    for (int i = 1; i <= count; i++) {
      meters.add(new MeterId(String.format(java.util.Locale.ROOT, "GW-%07d", i)));
    }
    return meters;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    List<MeterId> meters = meters(Integer.parseInt(arguments[2]));
    KeyTown town =
        new KeyTown(
            folder,
            Integer.parseInt(arguments[1]),
            UnaryOperator.identity(),
            InstantSource.system());
    Files.writeString(up(folder), Long.toString(ProcessHandle.current().pid()));
    if (arguments[3].equals("reach")) {
      try (town) {
        judge(town, meters);
        Files.writeString(reached(folder), Long.toString(town.replays()));
      }
      return;
    }
    while (!round(town, meters)) {
      Thread.sleep(200); // meters are being commanded meanwhile
    }
    Files.writeString(done(folder), "");
    Thread.sleep(Long.MAX_VALUE); // until it is killed
  }

  private static void judge(KeyTown town, List<MeterId> meters) throws Exception {
    town.awaitCalledIn(meters);
    for (MeterId meter : meters) {
      assertThat(town.inForce(meter)).isNotEqualTo(KeyTown.factory()).isNotEmpty();
      assertThat(town.in(meter, KeyBook.State.PENDING)).isEmpty();
    }
    for (int from = 0; from < meters.size(); from += AT_ONCE) {
      reach(town, meters.subList(from, Math.min(meters.size(), from + AT_ONCE)));
    }
  }

  /** Each answers a command; one whose casing was opened a moment ago once it is released. */
  private static void reach(KeyTown town, List<MeterId> meters) throws Exception {
    List<MeterId> left = meters;
    while (!left.isEmpty()) {
      town.release();
      List<StoredCommand> reads = town.draft(left, new Action.Read(), Set.of());
      town.sign(reads.stream().filter(read -> read.state() != CommandState.REFUSED).toList());
      left = new ArrayList<>();
      for (StoredCommand read : reads) {
        StoredCommand end = town.awaitEnd(read);
        if (end.state() != CommandState.CONFIRMED) {
          assertThat(end.why()).as("meter " + read.meter()).contains("quarantined");
          left.add(read.meter());
        }
      }
    }
  }

  /** Drafts, releases and signs what is due; whether all is done. */
  private static boolean round(KeyTown town, List<MeterId> meters) throws Exception {
    for (CommandState state : List.of(CommandState.QUARANTINED, CommandState.RELEASED)) {
      List<StoredCommand> waiting =
          town.store
              .commands()
              .page(
                  CommandQuery.parse(
                      state.name().toLowerCase(java.util.Locale.ROOT),
                      "",
                      "change-keys",
                      "",
                      "drafted",
                      0,
                      CHUNK))
              .items();
      if (state == CommandState.QUARANTINED) {
        waiting.forEach(town::approve);
      } else if (!waiting.isEmpty()) {
        town.sign(waiting);
      }
    }
    town.release();
    List<MeterId> due = town.unchanged(CHUNK);
    if (!due.isEmpty()) {
      town.draft(due, new Action.ChangeKeys(List.of()), Set.of());
      return false;
    }
    return town.count("SELECT count(*) FROM meter_key WHERE state = 'PENDING'") == 0
        && town.count("SELECT count(*) FROM meter_key WHERE state = 'RETIRED' AND purpose = 0")
            >= meters.size()
        && town.count("SELECT count(*) FROM command WHERE state IN ('SENT', 'IN_DOUBT', 'QUEUED')")
            == 0;
  }
}
