package org.gridwarden.channel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.mqtt.TestOffice.NOW;
import static org.gridwarden.channel.mqtt.TestOffice.SOON;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.gridwarden.channel.mqtt.TestOffice.Way;
import org.gridwarden.core.Action;
import org.gridwarden.core.Billing;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.core.Usage;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.simulator.Dress;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.MessageStreet;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.simulator.mqtt.MqttCarrier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Virtual meters live at the endpoint, and behind a broker. */
class MqttStreetIT {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"TCP,false", "TCP,true", "BROKER,true"})
  void aStreetTellsAndObeys(Way way, boolean five) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair operator = generator.generateKeyPair();
    String name = HexFormat.of().formatHex(Signed.keyId(operator.getPublic()));
    Files.writeString(folder.resolve(name + ".pem"), P256.pem(operator.getPublic()));
    StreetSettings settings =
        StreetSettings.of(2).withSeed(7).withEvery(Duration.ofSeconds(1)).withOperators(folder);
    try (TestOffice office = TestOffice.by(way);
        MessageStreet street =
            MessageStreet.of(settings, Households.load(), InstantSource.fixed(NOW))) {
      for (int i = 1; i <= 2; i++) {
        String id = street.serials().get(i - 1);
        office.shipped.put(id + " " + Purpose.MESSAGE, street.messageKey(i));
        office.shipped.put(id + " " + Purpose.COMMAND_SEAL, street.sealKey(i));
        if (office.broker.isPresent()) {
          Secret password = MessagePassword.of(new MeterId(id), street.messageKey(i));
          office.broker.get().admit(id, password);
        }
      }
      SSLContext context = TestAuthority.shared().context();
      Dress dress =
          way == Way.TCP
              ? Dress.NONE
              : (meter, connected) -> TestOffice.secured(connected, context);
      InetSocketAddress at = new InetSocketAddress("127.0.0.1", office.port());
      street.start(new MqttCarrier(at, five, 1, dress));
      for (String serial : street.serials()) {
        MeterId id = new MeterId(serial);
        await().atMost(SOON.multipliedBy(3)).until(() -> told(office, id).size() >= 3);
        List<Message> told = told(office, id);
        assertThat(told).anyMatch(m -> m instanceof Usage u && u.momentary().size() == 2);
        assertThat(told).anyMatch(m -> m instanceof Usage u && u.slots().size() == 1);
        assertThat(told).anyMatch(m -> m instanceof Billing b && b.registers().size() == 1);
      }
      MeterId first = new MeterId(street.serials().getFirst());
      await().atMost(SOON).until(() -> office.channel.reaches(first));
      assertThat(street.isConnected(1)).isTrue();
      CommandId id = new CommandId(new UUID(5, five ? 5 : 3));
      Order order = new Order(id, first, new Action.Disconnect(), NOW, NOW.plusSeconds(60), "olga");
      byte[] signed =
          Signed.sign(
                  org.gridwarden.security.command.Purpose.ORDER, Signer.of(operator), order.bytes())
              .bytes();
      try (var session = office.channel.open(first, Deadline.in(SOON.multipliedBy(3)))) {
        assertThat(session.send(new SignedCommand(id, first, signed)).state())
            .isEqualTo(CommandState.CONFIRMED);
      }
      assertThat(street.isConnected(1)).isFalse();
      assertThat(street.isConnected(2)).isTrue();
      assertThat(street.acknowledged()).isGreaterThanOrEqualTo(6);
    }
  }

  private static List<Message> told(TestOffice office, MeterId meter) {
    return office.submitted.stream()
        .filter(r -> r.id().meter().equals(meter))
        .flatMap(r -> r.content().stream())
        .toList();
  }
}
