package org.gridwarden.security.certificate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.fips.FipsMode;

/**
 * The root's key in a file that is taken away: {@code root.p12}, in the FIPS distribution {@code
 * root.bcfks}, which {@code root-passphrase} beside it opens.
 */
final class RootKeyFile {
  private static final String ALIAS = "gridwarden-root";
  private static final String PASSPHRASE = "root-passphrase";

  /** The kinds, by what the file is called. */
  private enum Kind {
    PKCS12("root.p12"),
    /** The FIPS module knows no PKCS #12. */
    BCFKS("root.bcfks");

    private final String file;

    Kind(String file) {
      this.file = file;
    }
  }

  private RootKeyFile() {}

  /** Whether it is here. */
  static boolean isIn(Path folder) {
    return find(folder).isPresent();
  }

  private static Optional<Kind> find(Path folder) {
    return Arrays.stream(Kind.values())
        .filter(kind -> Files.exists(folder.resolve(kind.file)))
        .findFirst();
  }

  /** Writes a new root's key under a new passphrase. */
  static void write(Path folder, PrivateKey key, X509Certificate root) throws IOException {
    Kind kind = FipsMode.on() ? Kind.BCFKS : Kind.PKCS12;
    byte[] random = new byte[16];
    OfficeKey.random().nextBytes(random);
    String passphrase = HexFormat.of().formatHex(random);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      KeyStore store = KeyStore.getInstance(kind.name());
      store.load(null, null);
      store.setKeyEntry(ALIAS, key, passphrase.toCharArray(), new X509Certificate[] {root});
      store.store(bytes, passphrase.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot write " + kind, e);
    }
    SecretFiles.write(
        folder.resolve(PASSPHRASE), (passphrase + "\n").getBytes(StandardCharsets.US_ASCII));
    SecretFiles.write(folder.resolve(kind.file), bytes.toByteArray());
  }

  /**
   * Reads it.
   *
   * @throws IOException where it or its passphrase is missing, or they do not go together
   */
  static PrivateKey read(Path folder) throws IOException {
    Kind kind =
        find(folder)
            .orElseThrow(() ->
                new IOException(folder + " has no " + List.of(Kind.values()) + " of the root"));
    Path file = folder.resolve(kind.file);
    Path opener = folder.resolve(PASSPHRASE);
    if (!Files.exists(opener)) {
      throw new IOException(opener + " is missing: put it back beside " + kind.file);
    }
    char[] passphrase =
        new String(SecretFiles.read(opener), StandardCharsets.US_ASCII).strip().toCharArray();
    try {
      KeyStore store = KeyStore.getInstance(kind.name());
      store.load(new ByteArrayInputStream(SecretFiles.read(file)), passphrase);
      if (store.getKey(ALIAS, passphrase) instanceof PrivateKey key) {
        return key;
      }
      throw new IOException(file + " holds no root key");
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " does not open with the passphrase beside it");
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }
}
