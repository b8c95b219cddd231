package org.gridwarden.security.certificate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.gridwarden.core.Secret;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.UnusableKeyException;

/**
 * The office's certificate authority, made at first start: a root, which certifies issuing
 * authorities and nothing else, and an issuing authority, which certifies everybody.
 *
 * <p>In its folder (0700) lie {@code root.crt}; {@code root.p12}, the root's key, and {@code
 * root-passphrase}, which opens it: both are to be taken away and locked up, the server runs
 * without; {@code issuing-N.crt} and {@code issuing-N.key}, the issuing authorities' keys under the
 * office's local key; where a token holds the newest one's key there is no such file of it. The
 * newest issues, the older ones are still trusted. Where the root's key is there, a new issuing
 * authority is made by itself before the last one ends. Thread-safe.
 */
public final class CertificateAuthority {
  private static final Duration ROOT_LASTS = Duration.ofDays(20 * 365);
  private static final Duration ISSUING_LASTS = Duration.ofDays(5 * 365);

  /** An issuing authority that ends before what it would issue cannot go on. */
  private static final Duration ISSUING_RENEW = Duration.ofDays(365);

  private static final Duration BACKDATED = Duration.ofMinutes(5);
  private static final String ROOT_ALIAS = "gridwarden-root";

  private final Path folder;
  private final InstantSource clock;
  private final X509Certificate root;
  private final List<X509Certificate> issuing;
  private final List<IssuingAuthority> signing;
  private final Optional<PublicPlace> place;

  private CertificateAuthority(
      Path folder,
      InstantSource clock,
      X509Certificate root,
      List<X509Certificate> issuing,
      List<IssuingAuthority> signing,
      Optional<PublicPlace> place) {
    this.folder = folder;
    this.clock = clock;
    this.root = root;
    this.issuing = List.copyOf(issuing);
    this.signing = List.copyOf(signing);
    this.place = place;
  }

  /** The same, whose certificates name no place. */
  public static CertificateAuthority open(Path folder, OfficeKey office, InstantSource clock)
      throws IOException {
    return open(folder, office, clock, Optional.empty());
  }

  /** The same, whose issuing authority's key is a file. */
  public static CertificateAuthority open(
      Path folder, OfficeKey office, InstantSource clock, Optional<PublicPlace> place)
      throws IOException {
    return open(folder, office, clock, place, Optional.empty());
  }

  /**
   * Opens the authority, or makes it where the folder has none.
   *
   * @param place where others find out about revocation; stands in the certificates to come
   * @param token the issuing authority's pair where its private half lies in a token: one that was
   *     not certified yet is by the root, which must be there for that
   * @throws IOException where a file is damaged, readable by others, missing or cannot be written;
   *     the message names the file and the remedy
   */
  public static CertificateAuthority open(
      Path folder,
      OfficeKey office,
      InstantSource clock,
      Optional<PublicPlace> place,
      Optional<KeyPair> token)
      throws IOException {
    SecretFiles.folder(folder);
    Path rootFile = folder.resolve("root.crt");
    if (!Files.exists(rootFile)) {
      makeRoot(folder, rootFile, clock.instant());
    }
    X509Certificate root = CertificatePem.read(rootFile).getFirst();
    List<Path> files = issuingFiles(folder);
    boolean another = files.isEmpty() || token.isPresent() && !isOf(files.getLast(), token.get());
    if (another || ending(files.getLast(), clock.instant())) {
      if (Files.exists(folder.resolve("root.p12"))) {
        makeIssuing(folder, files.size() + 1, root, office, token, clock.instant());
        files = issuingFiles(folder);
      } else if (another) {
        throw new IOException(
            folder
                + (files.isEmpty()
                    ? " has no issuing authority"
                    : " has no issuing authority of the token's key (keys.issuing)")
                + ": bring root.p12 and root-passphrase back, once");
      }
    }
    List<X509Certificate> issuing = new ArrayList<>();
    List<IssuingAuthority> signing = new ArrayList<>();
    for (Path file : files) {
      X509Certificate certificate = CertificatePem.read(file).getFirst();
      issuing.add(certificate);
      Path key = keyOf(file);
      // an older one still signs the list of what it issued; whoever took its key away has none
      Optional<PrivateKey> held =
          token
              .filter(t -> t.getPublic().equals(certificate.getPublicKey()))
              .map(KeyPair::getPrivate);
      if (held.isPresent()
          || file.equals(files.getLast())
          || Files.exists(key) && !ended(certificate, clock.instant())) {
        PrivateKey signer = held.isPresent() ? held.get() : unseal(key, office);
        signing.add(
            new IssuingAuthority(number(file), new Credential(signer, List.of(certificate))));
      }
    }
    return new CertificateAuthority(folder, clock, root, issuing, signing, place);
  }

  /** The root: what meters and machines are to trust. */
  public X509Certificate root() {
    return root;
  }

  /** All that issued, the newest last; all are trusted until they end. */
  public List<X509Certificate> issuing() {
    return issuing;
  }

  /**
   * Those whose lists and answers about revocation are of use: all that have not ended and whose
   * keys are here, the newest last. One at least.
   */
  public List<IssuingAuthority> inForce() {
    List<IssuingAuthority> still =
        signing.stream()
            .filter(i -> !ended(i.credential().certificate(), clock.instant()))
            .toList();
    return still.isEmpty() ? List.of(signing.getLast()) : still;
  }

  private static boolean ended(X509Certificate certificate, Instant now) {
    return now.isAfter(certificate.getNotAfter().toInstant());
  }

  private Credential newest() {
    return signing.getLast().credential();
  }

  /** Whether the root's key lies here; it should not for long. */
  public boolean rootKeyHere() {
    return Files.exists(folder.resolve("root.p12"));
  }

  /** When the newest issuing authority should have been followed by another. */
  public Instant renewIssuing() {
    return newest().certificate().getNotAfter().toInstant().minus(ISSUING_RENEW);
  }

  /**
   * Certifies a key for its profile's time, five minutes back for clocks that are slow.
   *
   * @param hosts further DNS names and addresses; for what is connected to by name
   */
  public X509Certificate issue(Holder holder, PublicKey key, List<String> hosts) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant end = now.plus(CertificateProfile.of(holder.kind()).lasts());
    Instant last = newest().certificate().getNotAfter().toInstant();
    if (now.isAfter(last)) {
      throw new IllegalStateException(
          "the issuing authority has ended: bring root.p12 and root-passphrase back and restart");
    }
    return CertificateMaker.holder(
        holder,
        key,
        hosts,
        now.minus(BACKDATED),
        end.isAfter(last) ? last : end,
        signing.getLast(),
        place);
  }

  /** A certificate and those above it, without the root. */
  public List<X509Certificate> chain(X509Certificate certificate) {
    return issuing.stream()
        .filter(i -> i.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
        .findFirst()
        .map(i -> List.of(certificate, i))
        .orElse(List.of(certificate));
  }

  /** The names under which this machine is reached, for certificates of its own. */
  public static List<String> ownHosts() {
    return CertificateMaker.hosts();
  }

  private static void makeRoot(Path folder, Path rootFile, Instant now) throws IOException {
    KeyPair pair = KeyPairs.make();
    X500Name name = name("root");
    Instant from = now.truncatedTo(ChronoUnit.SECONDS).minus(BACKDATED);
    X509Certificate root =
        CertificateMaker.authority(
            name,
            pair.getPublic(),
            from,
            from.plus(ROOT_LASTS),
            1,
            name,
            pair.getPublic(),
            pair.getPrivate());
    byte[] random = new byte[16];
    OfficeKey.random().nextBytes(random);
    String passphrase = HexFormat.of().formatHex(random);
    ByteArrayOutputStream p12 = new ByteArrayOutputStream();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          ROOT_ALIAS, pair.getPrivate(), passphrase.toCharArray(), new X509Certificate[] {root});
      store.store(p12, passphrase.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot write PKCS#12", e);
    }
    SecretFiles.write(
        folder.resolve("root-passphrase"), (passphrase + "\n").getBytes(StandardCharsets.US_ASCII));
    SecretFiles.write(folder.resolve("root.p12"), p12.toByteArray());
    // last: what stands without it is made anew
    Files.writeString(rootFile, CertificatePem.of(List.of(root)));
  }

  private static void makeIssuing(
      Path folder,
      int number,
      X509Certificate root,
      OfficeKey office,
      Optional<KeyPair> token,
      Instant now)
      throws IOException {
    PrivateKey rootKey = rootKey(folder);
    KeyPair pair = token.isPresent() ? token.get() : KeyPairs.make();
    Instant from = now.truncatedTo(ChronoUnit.SECONDS).minus(BACKDATED);
    Instant last = root.getNotAfter().toInstant();
    Instant end = from.plus(ISSUING_LASTS);
    X509Certificate issuing =
        CertificateMaker.authority(
            name("issuing " + number),
            pair.getPublic(),
            from,
            end.isAfter(last) ? last : end,
            0,
            CertificateMaker.name(root),
            root.getPublicKey(),
            rootKey);
    Path certificate = folder.resolve("issuing-" + number + ".crt");
    if (token.isEmpty()) {
      try (Secret secret = new Secret(pair.getPrivate().getEncoded())) {
        SecretFiles.write(keyOf(certificate), office.seal(secret, place(certificate)));
      }
    }
    Files.writeString(certificate, CertificatePem.of(List.of(issuing)));
  }

  /** Names differ from office to office, by four random bytes. */
  private static X500Name name(String what) {
    byte[] random = new byte[4];
    OfficeKey.random().nextBytes(random);
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, "Gridwarden")
        .addRDN(BCStyle.CN, what + " " + HexFormat.of().formatHex(random))
        .build();
  }

  private static PrivateKey rootKey(Path folder) throws IOException {
    Path file = folder.resolve("root.p12");
    Path opener = folder.resolve("root-passphrase");
    if (!Files.exists(opener)) {
      throw new IOException(opener + " is missing: put it back beside root.p12");
    }
    char[] passphrase =
        new String(SecretFiles.read(opener), StandardCharsets.US_ASCII).strip().toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(SecretFiles.read(file)), passphrase);
      if (store.getKey(ROOT_ALIAS, passphrase) instanceof PrivateKey key) {
        return key;
      }
      throw new IOException(file + " holds no root key");
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " does not open with the passphrase beside it");
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  private static PrivateKey unseal(Path file, OfficeKey office) throws IOException {
    Path certificate = file.resolveSibling(file.getFileName().toString().replace(".key", ".crt"));
    if (!Files.exists(file)) {
      throw new IOException(
          file
              + " is missing: bring it back from a backup, or name the token that holds the key"
              + " (keys.issuing)");
    }
    try (Secret secret = office.unseal(SecretFiles.read(file), place(certificate))) {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(secret.copy()));
    } catch (UnusableKeyException | GeneralSecurityException e) {
      throw new IOException(
          file + " was not made under this office's key; restore both together", e);
    }
  }

  private static String place(Path certificate) {
    return "certificate authority " + certificate.getFileName();
  }

  private static Path keyOf(Path certificate) {
    return certificate.resolveSibling(certificate.getFileName().toString().replace(".crt", ".key"));
  }

  /** Whether a file certifies a token's key; where it cannot be read its reader will say so. */
  private static boolean isOf(Path certificate, KeyPair token) {
    try {
      return CertificatePem.read(certificate).getFirst().getPublicKey().equals(token.getPublic());
    } catch (IOException e) {
      return true;
    }
  }

  private static boolean ending(Path certificate, Instant now) throws IOException {
    Instant end = CertificatePem.read(certificate).getFirst().getNotAfter().toInstant();
    return now.isAfter(end.minus(ISSUING_RENEW));
  }

  private static List<Path> issuingFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().matches("issuing-[0-9]{1,4}\\.crt"))
          .sorted(Comparator.comparingInt(CertificateAuthority::number))
          .toList();
    }
  }

  private static int number(Path file) {
    return Integer.parseInt(file.getFileName().toString().replaceAll("[^0-9]", ""));
  }

  @Override
  public String toString() {
    return "CertificateAuthority[" + root.getSubjectX500Principal().getName() + "]";
  }
}
