package org.gridwarden.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.MessageStreet;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.simulator.mqtt.MqttCarrier;
import org.gridwarden.simulator.mqtt.MqttClient;
import org.gridwarden.simulator.mqtt.MqttOptions;
import org.gridwarden.store.KeyBook;
import org.gridwarden.store.StoredCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** New keys for meters that speak secured messages, here over MQTT. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MessageKeyChangeIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final MeterId FIRST = new MeterId("GW-0000001");
  private static final MeterId SECOND = new MeterId("GW-0000002");
  private static final MeterId THIRD = new MeterId("GW-0000003");

  @TempDir static Path folder;
  private KeyTown town;
  private MessageStreet street;

  @BeforeAll
  void open() throws Exception {
    town = new KeyTown(folder, 0, UnaryOperator.identity(), InstantSource.system());
    street = street();
    town.ship(street::writeShipment);
    street.start(new MqttCarrier(town.mqtt(), true));
    town.awaitCalledIn(List.of(FIRST, SECOND, THIRD));
  }

  private static MessageStreet street() throws Exception {
    return MessageStreet.of(
        StreetSettings.of(3)
            .withSeed(5)
            .withState(folder.resolve("street.state"))
            .withEvery(Duration.ofSeconds(1))
            .withOperators(KeyTown.operators(folder)),
        Households.load(),
        InstantSource.system());
  }

  @AfterAll
  void close() throws Exception {
    street.close();
    town.close();
  }

  private void change(MeterId meter, Set<Purpose> purposes) throws Exception {
    StoredCommand command =
        town.draft(List.of(meter), new Action.ChangeKeys(List.of()), purposes).getFirst();
    town.give(command);
    await().atMost(SOON).until(() -> town.is(command).state().isEnd());
    assertThat(town.is(command).state()).isEqualTo(CommandState.CONFIRMED);
    assertThat(town.is(command).receipt()).isPresent();
    assertThat(town.in(meter, KeyBook.State.PENDING)).isEmpty();
  }

  /** Its readings come under the key in force now, and it obeys. */
  private void lives(MeterId meter) throws Exception {
    String now = "message/";
    String key =
        HexFormat.of().formatHex(now.getBytes(StandardCharsets.US_ASCII))
            + town.inForce(meter, Purpose.MESSAGE);
    long before = town.heard(meter, key);
    await().atMost(SOON).until(() -> town.heard(meter, key) > before + 2);
    await().atMost(SOON).until(() -> town.channels.getLast().reaches(meter));
    assertThat(town.obeys(meter)).as("it is reached under the new keys").isTrue();
    assertThat(town.replays()).isZero();
  }

  private int login(MeterId meter, KeySet key) throws Exception {
    try (MqttClient client =
        MqttClient.open(
            new Socket(town.mqtt().getAddress(), town.mqtt().getPort()),
            MqttOptions.of(meter.value(), MessagePassword.of(meter, key)),
            (topic, payload) -> {})) {
      return client.connected().get(SOON.toSeconds(), TimeUnit.SECONDS).code();
    }
  }

  @Test
  @DisplayName("C5 C9 C17: the key for messages and the seal change by a signed command, twice")
  void changes() throws Exception {
    KeySet factory = street.messageKey(1);
    assertThat(town.inForce(FIRST, Purpose.MESSAGE)).isEqualTo(KeyTown.factory());
    lives(FIRST);
    change(FIRST, Set.of());
    String second = town.inForce(FIRST, Purpose.MESSAGE);
    assertThat(second).isNotEmpty().isNotEqualTo(KeyTown.factory());
    assertThat(town.inForce(FIRST, Purpose.COMMAND_SEAL)).isNotEqualTo(KeyTown.factory());
    assertThat(town.in(FIRST, KeyBook.State.RETIRED)).hasSize(2);
    lives(FIRST);
    assertThat(login(FIRST, factory)).as("the old key's password").isNotZero();
    change(FIRST, Set.of());
    assertThat(town.inForce(FIRST, Purpose.MESSAGE)).isNotEqualTo(second);
    lives(FIRST);
  }

  @Test
  @DisplayName("C9: one of the two alone changes, and the other stays")
  void changesOne() throws Exception {
    change(SECOND, Set.of(Purpose.MESSAGE));
    assertThat(town.inForce(SECOND, Purpose.MESSAGE)).isNotEqualTo(KeyTown.factory());
    assertThat(town.inForce(SECOND, Purpose.COMMAND_SEAL)).isEqualTo(KeyTown.factory());
    lives(SECOND);
    String message = town.inForce(SECOND, Purpose.MESSAGE);
    change(SECOND, Set.of(Purpose.COMMAND_SEAL));
    assertThat(town.inForce(SECOND, Purpose.MESSAGE)).isEqualTo(message);
    assertThat(town.inForce(SECOND, Purpose.COMMAND_SEAL)).isNotEqualTo(KeyTown.factory());
    lives(SECOND);
  }

  @Test
  @DisplayName("C17: the meter loses its power once it has its new keys: it has them afterwards")
  void meterDies() throws Exception {
    change(THIRD, Set.of());
    street.close();
    street = street();
    street.start(new MqttCarrier(town.mqtt(), false));
    town.awaitCalledIn(List.of(FIRST, SECOND, THIRD));
    lives(THIRD);
  }
}
