package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.channel.amqp.AmqpChannelFactory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.message.Algorithm;
import org.gridwarden.message.Form;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.MessageStreet;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.simulator.amqp.AmqpLine;
import org.gridwarden.simulator.amqp.AmqpLine.Guarantee;
import org.gridwarden.simulator.amqp.AmqpLogin;
import org.gridwarden.simulator.link.Relay;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** AMQP's exactly once, as far as the database: endpoint, intake and PostgreSQL together. */
class AmqpStoreIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int MESSAGES = 10;

  @TempDir Path folder;

  private static long count(BillTown town, String table) throws SQLException {
    try (Connection c = town.store.dataSource().getConnection();
        Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SELECT count(*) FROM " + table)) {
      r.next();
      return r.getLong(1);
    }
  }

  private static Usage voltage(MeterId meter, Instant at) {
    return new Usage(
        meter,
        List.of(
            new Reading(
                ObisCode.parse("32.7.0"), at, new ScaledValue(2_301, -1, Unit.VOLT), Quality.GOOD)),
        List.of(),
        List.of(),
        List.of());
  }

  @ParameterizedTest
  @EnumSource(names = {"AT_LEAST_ONCE", "EXACTLY_ONCE"})
  @DisplayName(
      "C1, C38: each of nine messages is cut off between its commit and its disposition, sent again,"
          + " accepted, and is in PostgreSQL once")
  void whatIsSentAgainIsStoredOnce(Guarantee guarantee) throws Exception {
    AtomicLong counter = new AtomicLong();
    Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    try (BillTown town = new BillTown(folder, new AmqpChannelFactory());
        MessageStreet street =
            MessageStreet.of(
                StreetSettings.of(1).withSeed(5), Households.load(), InstantSource.system());
        Relay relay = new Relay(town.address().getPort())) {
      town.ship(street::writeShipment);
      MeterId meter = new MeterId(street.serials().getFirst());
      AmqpLogin login =
          AmqpLogin.plain(meter.value(), MessagePassword.of(meter, street.messageKey(1)));
      MeterEnd end =
          new MeterEnd(
              meter,
              street.messageKey(1),
              Algorithm.A256GCM,
              counter::getAndIncrement,
              new NothingHeard());
      String up = "gw/" + meter + "/up";
      byte[] before = end.seal(Form.SENML_CBOR, voltage(meter, begin));
      for (int i = 1; i < MESSAGES; i++) {
        byte[] message = end.seal(Form.SENML_CBOR, voltage(meter, begin.plusSeconds(i)));
        int stored = i + 1;
        try (AmqpLine line = within(AmqpLine.open(relay.socket(), login))) {
          // the first one's first time; the others were not settled when they were cut off
          assertThat(within(line.send(up, before, guarantee)).accepted()).isTrue();
          relay.loseAnswers();
          CompletableFuture<AmqpLine.Outcome> unknown = line.send(up, message, guarantee);
          await().atMost(SOON).until(() -> count(town, "evidence") == stored);
          assertThat(unknown).isNotDone();
          relay.cut();
        }
        before = message;
      }
      try (AmqpLine line = within(AmqpLine.open(relay.socket(), login))) {
        assertThat(within(line.send(up, before, guarantee)).accepted()).isTrue();
      }
      assertThat(count(town, "evidence")).isEqualTo(MESSAGES);
      assertThat(count(town, "momentary")).isEqualTo(MESSAGES);
    }
  }

  private static <T> T within(CompletableFuture<T> answer) throws Exception {
    return answer.get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  /** Nothing comes down here. */
  private static final class NothingHeard implements MeterEnd.Seen {
    @Override
    public long greatest() {
      return -1;
    }

    @Override
    public void greatest(long counter) {}
  }
}
