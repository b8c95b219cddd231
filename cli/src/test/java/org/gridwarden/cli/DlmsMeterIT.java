package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dlms meter} answers {@code dlms read}, each in a process of its own. */
class DlmsMeterIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String KEY = "000102030405060708090A0B0C0D0E0F";
  private static final String AUTH_KEY = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";

  @TempDir private Path folder;
  private int reads;

  @Test
  void meterIsRead() throws IOException, InterruptedException {
    Path keyFile = Files.writeString(folder.resolve("guek"), KEY);
    try (CommandProcess meter =
        CommandProcess.start(
            folder,
            "meter",
            "dlms",
            "meter",
            "--port=0",
            "--password=12345678",
            "--key=file:" + keyFile,
            "--auth-key=" + AUTH_KEY)) {
      await()
          .atMost(PATIENCE)
          .until(() -> meter.out().contains("clients [16, 17, 18, 19, 20, 21]"));
      String port = meter.out().replaceAll("(?s).*127\\.0\\.0\\.1:(\\d+).*", "$1");

      assertThat(read(0, port, "1.0.1.8.0.255", "0.0.1.0.0.255:8"))
          .containsPattern("1\\.0\\.1\\.8\\.0\\.255:3:2  \\d+ Wh")
          .contains("0.0.1.0.0.255:8:2  20");
      assertThat(
              read(0, port, "--client=17", "--auth=lls", "--password=12345678", "0.0.42.0.0.255"))
          .contains("GWM0000000000001");
      assertThat(read(1, port, "--client=17", "--auth=lls", "--password=wrong", "0.0.42.0.0.255"))
          .contains("authentication failed");
      String[] gmac = {"--client=18", "--auth=gmac", "--key=" + KEY, "--auth-key=" + AUTH_KEY};
      assertThat(read(0, port, gmac, "1.0.99.1.0.255")).contains("96 rows");
      assertThat(read(0, port, gmac, "--entries=2-4", "1.0.99.1.0.255")).contains("3 rows");
      assertThat(read(0, port, gmac, "--json", "1.0.1.8.0.255"))
          .contains("\"unit\":\"Wh\",\"data\":{\"type\":\"double-long-unsigned\"");
      assertThat(read(1, port, "1.0.1.8.0.255:3:9")).contains("refused: object undefined");
      assertThat(read(2, port, "nonsense")).contains("is not OBIS");
      asksOtherThings(port, gmac);
    }
  }

  @Test
  @DisplayName("S21: dlms read proves who it is by a hashed secret, by signatures, and in suite 2")
  void everyMechanism() throws Exception {
    KeyPair client = pair();
    KeyPair meterPair = pair();
    Path clientKey = pem("client", "PRIVATE KEY", client.getPrivate().getEncoded());
    Path clientPublic = pem("client.pub", "PUBLIC KEY", client.getPublic().getEncoded());
    Path meterKey = pem("meter", "PRIVATE KEY", meterPair.getPrivate().getEncoded());
    Path meterPublic = pem("meter.pub", "PUBLIC KEY", meterPair.getPublic().getEncoded());
    String keys = "--key=" + KEY + KEY;
    String authKeys = "--auth-key=" + AUTH_KEY + AUTH_KEY;
    try (CommandProcess meter =
        CommandProcess.start(
            folder,
            "meter",
            "dlms",
            "meter",
            "--port=0",
            "--suite=2",
            "--password=a long secret",
            keys,
            authKeys,
            "--sign-key=" + meterKey,
            "--cert=" + clientPublic)) {
      await().atMost(PATIENCE).until(() -> meter.out().contains("system title"));
      String port = meter.out().replaceAll("(?s).*127\\.0\\.0\\.1:(\\d+).*", "$1");
      String wanted = "0.0.42.0.0.255:1";
      for (String how : List.of("19 md5", "20 sha1", "21 sha256")) {
        String number = "--client=" + how.substring(0, 2);
        String auth = "--auth=" + how.substring(3);
        assertThat(read(0, port, number, auth, "--password=a long secret", wanted)).contains("GWM");
        assertThat(read(1, port, number, auth, "--password=another", wanted))
            .as(how)
            .contains("does not take our proof");
      }
      String[] ecdsa = {
        "--client=22",
        "--auth=ecdsa",
        "--suite=2",
        "--cert=" + meterPublic,
        "--sign-key=" + clientKey
      };
      assertThat(read(0, port, ecdsa, wanted)).contains("GWM");
      ecdsa[4] = "--sign-key=" + meterKey;
      assertThat(read(1, port, ecdsa, wanted)).contains("does not take our proof");
      assertThat(read(0, port, "--client=18", "--auth=gmac", "--suite=2", keys, authKeys, wanted))
          .contains("GWM");
      assertThat(read(2, port, "--client=18", "--auth=gmac", keys, authKeys, wanted))
          .contains("--key has 64 hexadecimal digits; it takes 32");
    }
  }

  private static KeyPair pair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp384r1"));
    return generator.generateKeyPair();
  }

  private Path pem(String name, String label, byte[] der) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".pem"),
        "-----BEGIN "
            + label
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END "
            + label
            + "-----\n");
  }

  private void asksOtherThings(String port, String[] gmac)
      throws IOException, InterruptedException {
    assertThat(run(0, "objects", port, gmac))
        .containsPattern("1\\.0\\.99\\.1\\.0\\.255 +7 Profile generic +1 +1-8 r")
        .contains("70 Disconnect control");
    assertThat(run(0, "objects", port, NOTHING, "--class=70", "--json"))
        .contains("\"name\":\"remote_disconnect\",\"mode\":0,\"invoke\":false");
    assertThat(run(0, "action", port, gmac, "0.0.96.3.10.255:70:remote_disconnect", "i8:0"))
        .contains("0.0.96.3.10.255:70:1 Disconnect control.remote_disconnect()  done");
    assertThat(read(0, port, "0.0.96.3.10.255:70:2")).contains("false");
    assertThat(run(1, "action", port, NOTHING, "0.0.96.3.10.255:70:2"))
        .as("C6: the public client operates nothing")
        .contains("refused: read or write denied");
    assertThat(run(1, "set", port, gmac, "1.0.1.8.0.255:3:2", "u32:5")).contains("refused");
    assertThat(run(2, "set", port, gmac, "1.0.1.8.0.255:3:2", "u99:5"))
        .contains("there is no type 'u99'");
    assertThat(run(0, "clock", port, NOTHING)).contains("this computer's clock");
    assertThat(read(1, port, "--client=17", "0.0.42.0.0.255"))
        .contains("client 17 takes another --auth than none");
    assertThat(read(0, port, gmac, "--entries=1-2", "1.0.99.1.0.255")).contains("1.0.1.8.0.255 Wh");
  }

  private static final String[] NOTHING = {};

  private String run(int code, String command, String port, String[] how, String... what)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("dlms", command, "--host=127.0.0.1", "--port=" + port));
    all.addAll(List.of(how));
    all.addAll(List.of(what));
    try (CommandProcess run =
        CommandProcess.start(folder, command + reads++, all.toArray(new String[0]))) {
      assertThat(run.exit(PATIENCE)).as(run.err()).isEqualTo(code);
      assertThat(run.out() + run.err()).as("C30").doesNotContain(KEY);
      return run.out() + run.err();
    }
  }

  private String read(int code, String port, String[] how, String... what)
      throws IOException, InterruptedException {
    String[] all = java.util.Arrays.copyOf(how, how.length + what.length);
    System.arraycopy(what, 0, all, how.length, what.length);
    return read(code, port, all);
  }

  private String read(int code, String port, String... arguments)
      throws IOException, InterruptedException {
    String[] all = new String[4 + arguments.length];
    all[0] = "dlms";
    all[1] = "read";
    all[2] = "--host=127.0.0.1";
    all[3] = "--port=" + port;
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    try (CommandProcess read = CommandProcess.start(folder, "read" + reads++, all)) {
      assertThat(read.exit(PATIENCE)).as(read.err()).isEqualTo(code);
      assertThat(read.out() + read.err()).as("C30").doesNotContain(KEY);
      return read.out() + read.err();
    }
  }
}
