package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.gridwarden.channel.zigbee.Admissions;
import org.gridwarden.channel.zigbee.KeyChange;
import org.gridwarden.channel.zigbee.Orders;
import org.gridwarden.channel.zigbee.Roster;
import org.gridwarden.channel.zigbee.ZigbeeChannelFactory;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Health;
import org.gridwarden.core.Intake;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Runs {@code zigbee}; apart from its commands, which are loaded with every other one. */
final class ZigbeeRun {
  private static final List<String> HEADING = List.of("EUI64", "STATE", "ADDRESS", "METER");
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int TICKS_A_LINE = 10;

  private ZigbeeRun() {}

  static int permit(
      Path folder,
      @Nullable String eui64,
      @Nullable String installCode,
      @Nullable String meter,
      @Nullable Path guests,
      Duration open) {
    List<Admissions.Guest> all = new ArrayList<>();
    try {
      if (guests != null) {
        all.addAll(Admissions.read(guests));
      }
      if (eui64 != null && installCode != null && meter != null) {
        all.add(new Admissions.Guest(eui64, installCode, meter));
      } else if (eui64 != null || installCode != null || meter != null) {
        throw new Failure("--eui64, --install-code and --meter belong together");
      }
      if (all.isEmpty()) {
        throw new Failure(
            "say whom to let in: --eui64, --install-code and --meter, or --guests FILE");
      }
      Admissions.post(folder, all, open);
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
    return all.size();
  }

  static void refreshKey(Path folder, PrintWriter out) {
    try {
      Orders.refreshKey(folder);
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
    out.println(
        "another network key is given once the coordinator has read it; 'zigbee devices' says when");
    out.flush();
  }

  static void remove(Path folder, String eui64, PrintWriter out) {
    try {
      Orders.remove(folder, eui64);
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
    out.println(eui64 + " is sent away once the coordinator has read it");
    out.flush();
  }

  private static String key(KeyChange key) {
    return "network key " + key.number() + " since " + key.at() + ", told to " + key.told();
  }

  static void devices(Path folder, boolean json, PrintWriter out) {
    List<Roster.Line> lines;
    Optional<KeyChange> key;
    try {
      lines = Roster.list(folder);
      key = KeyChange.last(folder);
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
    if (json) {
      out.println(
          new JsonMapper()
              .writeValueAsString(
                  lines.stream()
                      .map(l ->
                          Map.of(
                              "eui64", l.eui64(),
                              "state", l.state(),
                              "address", l.address(),
                              "meter", l.meter()))
                      .toList()));
    } else {
      Table.print(
          out,
          HEADING,
          lines.stream().map(l -> List.of(l.eui64(), l.state(), l.address(), l.meter())).toList());
      key.ifPresent(k -> out.println(key(k)));
    }
    out.flush();
  }

  static int coordinator(
      String port,
      String type,
      int speed,
      int channel,
      Path folder,
      @Nullable Duration lasting,
      PrintWriter out)
      throws InterruptedException {
    StopSignal stop = StopSignal.install();
    long begun = System.nanoTime();
    try (Channel one =
        new ZigbeeChannelFactory()
            .create(
                Map.of(
                    "coordinators",
                    List.of(
                        Map.of(
                            "port", port,
                            "type", type,
                            "speed", speed,
                            "channel", channel,
                            "folder", folder.toString()))))
            .getFirst()) {
      one.start(new Onlooker(out).host());
      String before = "";
      boolean up = false;
      Health.State state = Health.State.DOWN;
      for (int tick = 0; !stop.await(TICK); tick++) {
        Health health = one.health();
        up |= health.state() == Health.State.UP;
        String now = health.state() + ": " + health.detail();
        boolean due = tick % TICKS_A_LINE == 0 || health.state() != state;
        state = health.state();
        if (due && !now.equals(before)) {
          out.println(now);
          out.flush();
          before = now;
        }
        if (lasting != null && System.nanoTime() - begun >= lasting.toNanos()) {
          break;
        }
      }
      return up ? Gridwarden.OK : Gridwarden.FAILED;
    } catch (ChannelException | IllegalArgumentException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
  }

  /** Prints what comes, and takes none of it. */
  private record Onlooker(PrintWriter out) implements Intake, MeterDirectory, KeyAccess {
    Channel.Host host() {
      return new Channel.Host(
          this,
          this,
          this,
          new LimitedAdmission(AdmissionLimits.defaults()),
          (meter, keyId, block) -> {
            throw new IllegalStateException("nothing is commanded here");
          },
          InstantSource.system());
    }

    @Override
    public CompletionStage<Outcome> submit(Received message) {
      if (message.content().isEmpty()) {
        out.println(
            message.id().meter() + " a secured message, " + message.raw().length + " bytes");
      }
      message.content().forEach(out::println);
      out.flush();
      return CompletableFuture.completedFuture(new Outcome.Waiting());
    }

    @Override
    public Optional<Meter> byId(MeterId id) {
      return Optional.empty();
    }

    @Override
    public Optional<Meter> bySystemTitle(byte[] systemTitle) {
      return Optional.empty();
    }

    @Override
    public Optional<Meter> bySerial(String serial) {
      return Optional.empty();
    }

    @Override
    public Optional<KeySet> keys(MeterId meter, Purpose purpose) {
      return Optional.empty();
    }
  }
}
