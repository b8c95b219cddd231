package org.gridwarden.bench.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.message.Algorithm;
import org.gridwarden.message.Form;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.simulator.mqtt.MqttClient;
import org.gridwarden.simulator.mqtt.MqttOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Meters, endpoint, intake and PostgreSQL together. */
class MqttRunIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** An APDU of a meter that has no DLMS key at all: the message's own is enough. */
  @Test
  @DisplayName("C38: a DLMS notification that rides inside a message is stored as what it says")
  void anApduRidesInside() throws Exception {
    InstantSource clock = InstantSource.system();
    MeterId meter = new MeterId("GW-0000001");
    Secret bytes = new Secret(HexFormat.of().parseHex("01".repeat(32)));
    KeySet key = new KeySet(new byte[] {'1'}, bytes, new Secret(new byte[0]));
    AtomicLong counter = new AtomicLong();
    MeterEnd end =
        new MeterEnd(
            meter,
            key,
            Algorithm.A256GCM,
            counter::getAndIncrement,
            new MeterEnd.Seen() {
              @Override
              public long greatest() {
                return -1;
              }

              @Override
              public void greatest(long now) {
                throw new IllegalStateException("nothing is sent down");
              }
            });
    // {clock, status, {1-0:32.7.0, 2301, {-1, V}}}
    Apdu volts =
        new Apdu.DataNotification(
            7,
            Optional.empty(),
            DlmsData.Structure.of(
                DlmsData.OctetString.of(
                    CosemDateTime.of(clock.instant(), ZoneId.of("Europe/Zurich")).bytes()),
                new DlmsData.Unsigned8(0),
                DlmsData.Structure.of(
                    DlmsData.OctetString.of(ObisCode.parse("1.0.32.7.0.255")),
                    new DlmsData.DoubleLongUnsigned(2_301),
                    DlmsData.Structure.of(
                        new DlmsData.Integer8(-1), new DlmsData.Enumerated(35)))));
    try (IntakeOffice office = new IntakeOffice(Protocol.MQTT, clock)) {
      office.ship(
          List.of(
              "serial,profile,zone,key_id,message",
              meter + ",street,Europe/Zurich,1,plain:" + "01".repeat(32)));
      Socket socket = new Socket("127.0.0.1", office.port());
      try (MqttClient client =
          MqttClient.open(
              socket,
              MqttOptions.of(meter.value(), MessagePassword.of(meter, key)),
              (topic, payload) -> {})) {
        assertThat(client.connected().get(SOON.toSeconds(), TimeUnit.SECONDS).code()).isZero();
        byte[] message = end.seal(MessageClass.USAGE, Form.APDU, Apdus.encode(volts));
        for (int i = 0; i < 2; i++) {
          assertThat(publish(client, meter, message)).isZero();
        }
        byte[] asked = HexFormat.of().parseHex("c001c100080000010000ff0200"); // a get-request
        assertThat(publish(client, meter, end.seal(MessageClass.USAGE, Form.APDU, asked)))
            .isGreaterThanOrEqualTo(0x80);
      }
      assertThat(office.count("SELECT count(*) FROM momentary")).isOne();
      assertThat(office.count("SELECT count(*) FROM evidence")).isOne();
    }
  }

  private static int publish(MqttClient client, MeterId meter, byte[] message) throws Exception {
    return client
        .publish("gw/" + meter + "/up/usage", message, 1)
        .get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource({"MQTT,3", "MQTT,96", "AMQP,3"})
  @DisplayName("C38: what was acknowledged is in PostgreSQL, each value once")
  void whatIsAcknowledgedIsStored(Protocol protocol, int values) throws Exception {
    InstantSource clock = InstantSource.system();
    IntakeLoad load =
        new IntakeLoad(protocol, 5, values, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    try (IntakeOffice office = new IntakeOffice(protocol, clock)) {
      office.ship(load.shipment());
      IntakeLoad.Result result = load.run(office.port(), Duration.ofSeconds(2), true);
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
