package org.gridwarden.security.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The office's key in a token of SoftHSM2, which a process of its own finds by its environment. */
class Pkcs11CustodianIT {
  private static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");
  private static final String PIN = "4711471147";

  @TempDir private Path folder;

  @BeforeEach
  void token() throws Exception {
    assertThat(LIBRARY)
        .as("SoftHSM2 is missing: apt-get install -y --no-install-recommends softhsm2")
        .exists();
    Path tokens = Files.createDirectories(folder.resolve("tokens"));
    Files.writeString(
        folder.resolve("softhsm2.conf"),
        "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
    Files.writeString(
        folder.resolve("p11.cfg"),
        "name = office\nlibrary = "
            + LIBRARY
            + "\nslotListIndex = 0\nattributes(*, CKO_PRIVATE_KEY, CKK_RSA) = {\n"
            + "  CKA_SENSITIVE = true\n  CKA_EXTRACTABLE = false\n  CKA_DECRYPT = true\n}\n");
    assertThat(
            run(
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label=office",
                "--pin=" + PIN,
                "--so-pin=" + PIN))
        .contains("initialized");
  }

  private void makeKey(String alias, int bits) throws Exception {
    run(
        java("keytool"),
        "-genkeypair",
        "-keystore",
        "NONE",
        "-storetype",
        "PKCS11",
        "-storepass",
        PIN,
        "-providerClass",
        "sun.security.pkcs11.SunPKCS11",
        "-providerArg",
        folder.resolve("p11.cfg").toString(),
        "-keyalg",
        "RSA",
        "-keysize",
        Integer.toString(bits),
        "-alias",
        alias,
        "-dname",
        "CN=" + alias,
        "-validity",
        "3650");
  }

  private static String java(String tool) {
    return Path.of(System.getProperty("java.home"), "bin", tool).toString();
  }

  private String probe(String alias, String pin) throws Exception {
    return run(
        java("java"),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        CustodianProbe.class.getName(),
        LIBRARY.toString(),
        alias,
        pin,
        Files.createDirectories(folder.resolve("keys")).toString());
  }

  private String run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
    builder.environment().put("SOFTHSM2_CONF", folder.resolve("softhsm2.conf").toString());
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  @Test
  @DisplayName("C18: the office's key in a token opens what was shipped, and never leaves it")
  void held() throws Exception {
    makeKey("gridwarden-office", 3_072);
    assertThat(probe("gridwarden-office", PIN)).endsWith("held\n");
    assertThat(probe("gridwarden-office", PIN))
        .as("and again, the local key with it")
        .endsWith("held\n");
    assertThat(folder.resolve("keys/office-key.pem")).doesNotExist();
    assertThat(folder.resolve("keys/local-key.wrapped")).exists();
    assertThat(probe("gridwarden-office", "0000")).contains("its PIN is wrong");
    assertThat(probe("another", PIN)).contains("has no key 'another'");
    makeKey("short", 2_048);
    assertThat(probe("short", PIN)).contains("3072 bits or more");
  }
}
