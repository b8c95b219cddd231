package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.gridwarden.bench.channels.ChannelOffice;
import org.gridwarden.core.Intake;
import org.gridwarden.core.Received;
import org.gridwarden.message.MessageClass;
import org.gridwarden.simulator.Carrier;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.MessageStreet;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.simulator.channels.MeterChannel;
import org.gridwarden.simulator.xmpp.Prosody;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same meters, with the same keys and counters, move from channel to channel in the midst of
 * their sending. Before each move the office takes messages whose acknowledgements do not reach the
 * meters any more: the next channel brings the same bytes again.
 */
class MovingStreetIT {
  /** {@code -Dgridwarden.moved=1000} moves as many as the issue asks for. */
  private static final int METERS = Integer.getInteger("gridwarden.moved", 40);

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @TempDir private Path folder;

  @Test
  @DisplayName("C1 C38: meters that move through every channel lose no reading and double none")
  void nothingIsLostOrDoubledOnTheWay() throws Exception {
    Path journal = folder.resolve("journal");
    StreetSettings settings =
        StreetSettings.of(METERS).withEvery(Duration.ofSeconds(1)).withJournal(journal);
    try (Servers servers = Servers.start(folder.resolve("prosody"))) {
      move(settings, journal, servers);
    }
  }

  private void move(StreetSettings settings, Path journal, Servers servers) throws Exception {
    List<MeterChannel> channels = servers.channels();
    Map<String, Map<String, Object>> sections = new HashMap<>();
    for (MeterChannel channel : channels) {
      sections.put(channel.section(), servers.section(channel));
    }
    assertThat(sections).as("there is more than one to move to").hasSizeGreaterThan(2);
    Seen seen = new Seen();
    try (ChannelOffice office =
        ChannelOffice.open(
            folder.resolve("office"),
            InstantSource.system(),
            sections,
            seen::before,
            ChannelOffice.Securing.NONE)) {
      try (MessageStreet street =
          MessageStreet.of(settings, Households.load(), InstantSource.system())) {
        Path shipment = folder.resolve("shipment.csv");
        street.writeShipment(shipment, office.officeKey());
        office.ship(shipment);
        int withheld = 0;
        boolean started = false;
        for (MeterChannel channel : channels) {
          Forgetful carrier = new Forgetful(servers.carrier(office, channel));
          if (started) {
            street.move(carrier);
          } else {
            street.start(carrier);
          }
          started = true;
          await(channel.name()).atMost(PATIENCE).until(() -> carrier.told.size() == METERS);
          carrier.forgets = true;
          await(channel.name()).atMost(PATIENCE).until(() -> carrier.withheld.size() == METERS);
          withheld += METERS;
        }
        Forgetful last = new Forgetful(servers.carrier(office, channels.getFirst()));
        street.move(last);
        await().atMost(PATIENCE).until(() -> last.told.size() == METERS);
        assertThat(seen.duplicates.sum()).isGreaterThanOrEqualTo(withheld);
        assertThat(street.stats().retried()).isGreaterThanOrEqualTo(withheld);
      }
      assertThat(seen.refused).isEmpty();
      assertThat(seen.stored.values()).allSatisfy(times -> assertThat(times.sum()).isOne());
      // each meter has told something by each channel, under counters of one sequence
      assertThat(seen.by.values()).allSatisfy(via -> assertThat(via).hasSize(sections.size()));
      Verdict verdict = new Judge(office.store().readings()).judge(journal);
      assertThat(verdict.missing()).as(verdict.example()).isZero();
      assertThat(verdict.doubled()).as(verdict.example()).isZero();
      assertThat(verdict.acknowledged()).isGreaterThan(2L * METERS * channels.size());
    }
  }

  /**
   * The channels that can be had on this machine, and Prosody, through which one of them goes.
   *
   * @param channels in the order in which the street moves through them
   */
  private record Servers(List<MeterChannel> channels, Optional<Prosody> prosody)
      implements AutoCloseable {
    static Servers start(Path folder) throws IOException, InterruptedException {
      List<MeterChannel> channels =
          MeterChannel.all().stream().filter(channel -> channel.missing().isEmpty()).toList();
      boolean all = channels.stream().allMatch(MeterChannel::isDirect);
      return new Servers(
          channels, all ? Optional.empty() : Optional.of(Prosody.start(folder, "127.0.0.1", 0)));
    }

    Map<String, Object> section(MeterChannel channel) {
      return channel.isDirect()
          ? channel.listening("127.0.0.1", 0)
          : prosody.orElseThrow().section();
    }

    Carrier carrier(ChannelOffice office, MeterChannel channel) {
      InetAddress here = InetAddress.getLoopbackAddress();
      return channel
          .carrier()
          .apply(
              channel.isDirect()
                  ? MeterChannel.Target.plain(
                      new InetSocketAddress(
                          here, office.port(channel.section(), channel.listener())))
                  : MeterChannel.Target.joined(
                      new InetSocketAddress(here, prosody.orElseThrow().clients()),
                      prosody.orElseThrow().certificate()));
    }

    @Override
    public void close() {
      prosody.ifPresent(Prosody::close);
    }
  }

  /** What came to intake, and what became of it. */
  private static final class Seen {
    private final Map<String, LongAdder> stored = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> by = new ConcurrentHashMap<>();
    private final LongAdder duplicates = new LongAdder();
    private final Set<Intake.Outcome> refused = ConcurrentHashMap.newKeySet();

    Intake before(Intake intake) {
      return message -> {
        by.computeIfAbsent(message.id().meter().value(), m -> ConcurrentHashMap.newKeySet())
            .add(message.via().name());
        CompletionStage<Intake.Outcome> outcome = intake.submit(message);
        return outcome.thenApply(what -> {
          count(message, what);
          return what;
        });
      };
    }

    private void count(Received message, Intake.Outcome what) {
      switch (what) {
        case Intake.Outcome.Stored _ ->
            stored
                .computeIfAbsent(
                    message.id().meter() + " " + message.id().counter(), m -> new LongAdder())
                .increment();
        case Intake.Outcome.Duplicate _ -> duplicates.increment();
        default -> refused.add(what);
      }
    }
  }

  /** A carrier that loses acknowledgements from a moment on: who sends waits until it moves. */
  private static final class Forgetful implements Carrier {
    private final Carrier carrier;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Set<String> withheld = ConcurrentHashMap.newKeySet();
    private volatile boolean forgets;

    Forgetful(Carrier carrier) {
      this.carrier = carrier;
    }

    @Override
    public Way open(Caller meter) throws IOException, InterruptedException {
      Way way = carrier.open(meter);
      return new Way() {
        @Override
        public void send(MessageClass kind, byte[] message)
            throws IOException, InterruptedException {
          way.send(kind, message);
          if (forgets) {
            withheld.add(meter.id().value());
            new CountDownLatch(1).await(); // until it is interrupted
          }
          told.add(meter.id().value());
        }

        @Override
        public void close() {
          way.close();
        }
      };
    }
  }
}
