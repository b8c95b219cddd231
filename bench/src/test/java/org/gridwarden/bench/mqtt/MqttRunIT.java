package org.gridwarden.bench.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Meters, endpoint, intake and PostgreSQL together. */
class MqttRunIT {
  @ParameterizedTest
  @ValueSource(ints = {3, 96})
  @DisplayName("C38: what was acknowledged over MQTT is in PostgreSQL, each value once")
  void whatIsAcknowledgedIsStored(int values) throws Exception {
    InstantSource clock = InstantSource.system();
    MqttLoad load = new MqttLoad(5, values, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    try (MqttOffice office = new MqttOffice(clock)) {
      office.ship(load.shipment());
      MqttLoad.Result result = load.run(office.port(), Duration.ofSeconds(2), true);
      assertThat(result.refused()).isZero();
      assertThat(result.acknowledged()).isGreaterThanOrEqualTo(50);
      assertThat(office.count("SELECT count(*) FROM momentary"))
          .isEqualTo(values * result.acknowledged());
      // the window is the messages' own, beside any that the meter's DLMS key of the same id has
      assertThat(
              office.count("SELECT count(*) FROM replay_window WHERE key_id = 'message/1'::bytea"))
          .isEqualTo(5);
      assertThat(office.count("SELECT count(*) FROM evidence")).isEqualTo(result.acknowledged());
    }
  }
}
