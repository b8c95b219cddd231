package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirmwareAndDataIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir private Path folder;
  private int runs;

  private String run(int code, String... arguments) throws IOException, InterruptedException {
    try (CommandProcess command = CommandProcess.start(folder, "run" + ++runs, arguments)) {
      assertThat(command.exit(PATIENCE)).as("%s %s", command.out(), command.err()).isEqualTo(code);
      return command.out() + command.err();
    }
  }

  private static void pem(Path file, String label, byte[] der) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN "
            + label
            + "-----\n"
            + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der)
            + "\n-----END "
            + label
            + "-----\n");
  }

  @Test
  @DisplayName("C34: an image is signed offline; a server that knows no maker refuses it in words")
  void images() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair maker = generator.generateKeyPair();
    Path key = folder.resolve("maker.pem");
    Path pub = folder.resolve("maker.pub.pem");
    pem(key, "PRIVATE KEY", maker.getPrivate().getEncoded());
    pem(pub, "PUBLIC KEY", maker.getPublic().getEncoded());
    Path image = Files.writeString(folder.resolve("fw.bin"), "the new firmware");
    Path signed = folder.resolve("fw.sig");
    run(
        0,
        "firmware",
        "image",
        "sign",
        image.toString(),
        "--model",
        "GW-1",
        "--version",
        "2.0.0",
        "--key",
        key.toString(),
        "--public",
        pub.toString(),
        "--out",
        signed.toString());
    byte[] manifest =
        Signed.parse(Files.readAllBytes(signed)).open(Purpose.FIRMWARE, maker.getPublic());
    FirmwareManifest.parse(manifest).check(Files.readAllBytes(image));
    assertThat(
            run(
                2,
                "firmware",
                "image",
                "sign",
                image.toString(),
                "--model",
                "GW-1",
                "--version",
                "v2",
                "--key",
                key.toString(),
                "--public",
                pub.toString(),
                "--out",
                signed.toString()))
        .contains("'v2' is no version such as 2.0.1");
    try (TestOffice office = new TestOffice(folder)) {
      office.start();
      String data = office.data().toString();
      assertThat(
              run(
                  1,
                  "firmware",
                  "image",
                  "add",
                  image.toString(),
                  "--signature",
                  signed.toString(),
                  "--data",
                  data))
          .contains("no maker's key")
          .contains("have a security administrator add it");
      assertThat(run(0, "firmware", "image", "list", "--data", data)).contains("model");
      assertThat(
              run(
                  1,
                  "firmware",
                  "campaign",
                  "start",
                  "GW-1",
                  "2.0.0",
                  "--reason",
                  "x",
                  "--data",
                  data))
          .as("a machine's token starts none")
          .contains("403");
      assertThat(run(1, "data", "check", "--data", data)).contains("another gridwarden uses it");
    }
  }

  @Test
  @DisplayName(
      "S9: data check finds a flipped bit in a table's file and names it; repair mends an index")
  void data() throws Exception {
    Path data = folder.resolve("data");
    Path table;
    Path index;
    try (Store store = Store.open(StoreSettings.embedded(data));
        var c = store.dataSource().getConnection();
        var s = c.createStatement()) {
      s.execute(
          "INSERT INTO protected_meter SELECT now(), 'M' || n, 'ventilator', 'sam'"
              + " FROM generate_series(1, 2000) n");
      try (var r =
          s.executeQuery(
              "SELECT pg_relation_filepath('protected_meter'),"
                  + " pg_relation_filepath('protected_meter_pkey')")) {
        r.next();
        table = data.resolve("postgresql/data").resolve(r.getString(1));
        index = data.resolve("postgresql/data").resolve(r.getString(2));
      }
    }
    assertThat(run(0, "data", "check", "--data", data.toString())).contains("0 damaged");
    flip(index, 8_192 + 8_000);
    assertThat(run(1, "data", "check", "--data", data.toString()))
        .contains("protected_meter_pkey (an index");
    assertThat(run(0, "data", "repair", "--data", data.toString()))
        .contains("made again: protected_meter_pkey");
    assertThat(run(0, "data", "check", "--data", data.toString())).contains("0 damaged");
    flip(table, 8_000);
    assertThat(run(1, "data", "check", "--data", data.toString()))
        .contains("1 damaged")
        .contains("protected_meter (a table): page 0 of base");
    assertThat(run(1, "data", "repair", "--data", data.toString()))
        .contains("not mended: protected_meter");
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(at);
      int was = raw.read();
      raw.seek(at);
      raw.write(was ^ 0x10);
    }
  }
}
