package org.gridwarden.security.certificate;

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

/** The issuing authority's key in a token of SoftHSM2. */
class IssuingTokenIT {
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
        "name = issuing\nlibrary = "
            + LIBRARY
            + "\nslotListIndex = 0\nattributes(*, CKO_PRIVATE_KEY, CKK_EC) = {\n"
            + "  CKA_SENSITIVE = true\n  CKA_EXTRACTABLE = false\n  CKA_SIGN = true\n}\n");
    assertThat(
            run(
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label=issuing",
                "--pin=" + PIN,
                "--so-pin=" + PIN))
        .contains("initialized");
  }

  private void makeKey(String alias, String curve) throws Exception {
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
        "EC",
        "-groupname",
        curve,
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

  private String probe(String alias) throws Exception {
    return run(
        java("java"),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        IssuingProbe.class.getName(),
        LIBRARY.toString(),
        alias,
        PIN,
        folder.toString());
  }

  private String run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
    builder.environment().put("SOFTHSM2_CONF", folder.resolve("softhsm2.conf").toString());
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  @Test
  @DisplayName(
      "C18 C23: the issuing key in a token certifies and signs the revocation list, and lies in no file")
  void issues() throws Exception {
    makeKey("gridwarden-issuing", "secp256r1");
    assertThat(probe("gridwarden-issuing")).endsWith("issued by 1\n");
    assertThat(folder.resolve("ca/issuing-1.crt")).exists();
    assertThat(folder.resolve("ca/issuing-1.key")).doesNotExist();
    // the root's key is taken away: the token goes on, and nothing goes without it
    Files.move(folder.resolve("ca/root.p12"), folder.resolve("root.p12"));
    assertThat(probe("gridwarden-issuing")).endsWith("issued by 1\n");
    assertThat(probe("none")).contains("name the token that holds the key (keys.issuing)");
  }

  @Test
  @DisplayName(
      "C18: an office whose issuing key is a file goes over to a token under the same root")
  void goesOver() throws Exception {
    assertThat(probe("none")).endsWith("issued by 1\n");
    makeKey("fresh", "secp256r1");
    Path root = folder.resolve("ca/root.p12");
    Files.move(root, folder.resolve("root.p12"));
    assertThat(probe("fresh")).contains("bring root.p12 and root-passphrase back, once");
    Files.move(folder.resolve("root.p12"), root);
    assertThat(probe("fresh")).endsWith("issued by 2\n");
    makeKey("other", "secp384r1");
    assertThat(probe("other")).contains("is not on P-256");
  }
}
