package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.server.GridwardenConfig;
import org.gridwarden.server.GridwardenServer;
import org.gridwarden.server.RunningServer;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.MeterCertificates;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * S23: a whole street that enrols and pushes by mutual TLS to a server without a plain listener.
 */
class SecureStreetIT {
  private static final int METERS = 4;
  private static final Duration SOON = Duration.ofSeconds(90);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = StreetSettings.Transport.class,
      names = {"TCP", "DTLS"})
  @DisplayName("C22 C23: a street enrols, pushes by TLS or DTLS; a revoked meter is heard no more")
  void street(StreetSettings.Transport transport) throws Exception {
    String yaml =
        """
        console: {bind: 127.0.0.1, port: 0}
        est: {bind: 127.0.0.1, port: 0}
        channels:
          dlms:
            tls: {bind: 127.0.0.1, port: 0}
            dtls: {bind: 127.0.0.1, port: 0}
        logging: {level: warn}
        """;
    try (RunningServer server =
            GridwardenServer.start(
                GridwardenConfig.parse(yaml, "the test's configuration", Map.of())
                    .withData(folder.resolve("data")));
        Street street =
            Street.of(
                StreetSettings.of(METERS)
                    .withHistory(Duration.ofHours(6))
                    .withEvery(Duration.ofSeconds(1))
                    .withTransport(transport),
                Households.load(),
                InstantSource.system());
        OfficeClient token =
            OfficeClient.of(
                server.url().toString(),
                server.certificateFingerprint(),
                server.data().resolve(ServerFile.TOKEN_NAME));
        OfficeClient admin =
            OfficeClient.login(
                server.url().toString(),
                server.certificateFingerprint(),
                "admin",
                server.adminPassword().orElseThrow(),
                Optional.of("heron saddle copper 17"))) {
      Path shipment = folder.resolve("street.csv");
      street.writeShipment(
          shipment, OfficeKeyFile.parse(token.text("/office-key", "text/plain"), "the office"));
      token.post("/meters/import?dryRun=false", "text/csv", Files.readAllBytes(shipment));
      Path root = folder.resolve("root.pem");
      Files.writeString(
          root,
          token.get("/certificates/authority").path("root").asString(),
          StandardCharsets.US_ASCII);
      List<String> serials = street.serials();
      Map<String, String> secrets = new HashMap<>();
      for (JsonNode one :
          admin.post("/certificates/invitations", Map.of("names", serials)).path("items")) {
        secrets.put(one.path("name").asString(), one.path("secret").asString());
      }
      MeterCertificates certificates =
          MeterCertificates.of(
              new InetSocketAddress("localhost", server.estPort()),
              root,
              secrets,
              Optional.of(folder.resolve("certificates")));
      street.start(
          new InetSocketAddress(
              "127.0.0.1",
              transport == StreetSettings.Transport.TCP
                  ? server.dlmsTlsPort()
                  : server.dlmsDtlsPort()),
          Optional.of(certificates));
      await().atMost(SOON).until(() -> street.stats().confirmed() >= 3 * METERS);
      assertThat(certificates.held()).isEqualTo(METERS);
      assertThat(token.get("/certificates?kind=meter").path("total").asInt()).isEqualTo(METERS);

      // one of them is revoked: its line is cut, and it does not come back
      String gone = serials.getFirst();
      String serial =
          token.get("/certificates?q=" + gone).path("items").get(0).path("serial").asString();
      admin.post(
          "/certificates/" + serial + "/revoke",
          Map.of("reason", "keyCompromise", "note", "a test"));
      String last = token.get("/meters/" + gone).path("lastContact").asString();
      long before = street.stats().confirmed();
      await().atMost(SOON).until(() -> street.stats().confirmed() >= before + 5 * METERS);
      String later = token.get("/meters/" + gone).path("lastContact").asString();
      assertThat(Duration.between(java.time.Instant.parse(last), java.time.Instant.parse(later)))
          .as("what was under way may have come still")
          .isLessThan(Duration.ofSeconds(3));
    }
  }
}
