package org.gridwarden.security.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.gridwarden.security.OfficeKey;

/** Makes X.509 version 3 certificates (RFC 5280), signed by ECDSA with SHA-256. */
final class CertificateMaker {
  static final String ALGORITHM = "SHA256withECDSA";

  private CertificateMaker() {}

  /**
   * What an authority's certificate is.
   *
   * @param below how many authorities may stand below it
   */
  static X509Certificate authority(
      X500Name subject,
      PublicKey key,
      Instant from,
      Instant until,
      int below,
      X500Name issuer,
      PublicKey issuerKey,
      PrivateKey signer) {
    try {
      JcaX509v3CertificateBuilder builder = builder(issuer, subject, key, from, until);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(below));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return sign(builder, key, issuerKey, signer);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("this Java cannot make a certificate on P-256", e);
    }
  }

  /**
   * A holder's certificate; where it names hosts, they stand among its alternative names.
   *
   * @param place where others find out whether it is revoked; stands in it where given
   */
  static X509Certificate holder(
      Holder holder,
      PublicKey key,
      List<String> hosts,
      Instant from,
      Instant until,
      IssuingAuthority issuer,
      Optional<PublicPlace> place) {
    try {
      X509Certificate above = issuer.credential().certificate();
      JcaX509v3CertificateBuilder builder = builder(name(above), subject(holder), key, from, until);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              CertificateProfile.of(holder.kind()).usages().stream()
                  .sorted()
                  .map(u -> KeyPurposeId.getInstance(new ASN1ObjectIdentifier(u.oid())))
                  .toArray(KeyPurposeId[]::new)));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names(holder, hosts).toArray(GeneralName[]::new)));
      if (place.isPresent()) {
        found(builder, place.get(), issuer.number());
      }
      return sign(builder, key, above.getPublicKey(), issuer.credential().key());
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("no certificate could be made: " + e.getMessage(), e);
    }
  }

  /** Where its list, its status and its issuer are found (RFC 5280, 4.2.1.13 and 4.2.2.1). */
  private static void found(JcaX509v3CertificateBuilder builder, PublicPlace place, int issuing)
      throws CertIOException {
    builder.addExtension(
        Extension.cRLDistributionPoints,
        false,
        new CRLDistPoint(
            new DistributionPoint[] {
              new DistributionPoint(
                  new DistributionPointName(new GeneralNames(url(place.list(issuing)))), null, null)
            }));
    builder.addExtension(
        Extension.authorityInfoAccess,
        false,
        new AuthorityInformationAccess(
            new AccessDescription[] {
              new AccessDescription(AccessDescription.id_ad_ocsp, url(place.status())),
              new AccessDescription(AccessDescription.id_ad_caIssuers, url(place.issuer(issuing)))
            }));
  }

  private static GeneralName url(String address) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, address);
  }

  /** A holder's subject: what people read. */
  static X500Name subject(Holder holder) {
    X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
    subject.addRDN(BCStyle.OU, holder.kind().word());
    byte[] title = holder.systemTitle();
    if (title.length > 0) {
      subject.addRDN(BCStyle.SERIALNUMBER, HexFormat.of().withUpperCase().formatHex(title));
    }
    subject.addRDN(BCStyle.CN, holder.name());
    return subject.build();
  }

  static X500Name name(X509Certificate certificate) {
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
  }

  private static List<GeneralName> names(Holder holder, List<String> hosts) {
    List<GeneralName> names = new ArrayList<>();
    names.add(new GeneralName(GeneralName.uniformResourceIdentifier, holder.uri()));
    holder
        .titleUri()
        .ifPresent(t -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, t)));
    for (String host : hosts) {
      boolean address = host.matches("[0-9.]+") || host.contains(":");
      names.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host));
    }
    return names;
  }

  /** The names under which this machine is reached. */
  static List<String> hosts() {
    List<String> hosts = new ArrayList<>(List.of("localhost", "127.0.0.1", "::1"));
    try {
      String own = InetAddress.getLocalHost().getHostName();
      if (own.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
          && !own.matches("[0-9.]+")
          && !hosts.contains(own)) {
        hosts.add(own);
      }
    } catch (java.net.UnknownHostException e) {
      // a machine whose own name means nothing to it
    }
    return hosts;
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key, Instant from, Instant until) {
    // 128 random bits; the top one is set, so that each takes the same room
    BigInteger serial = new BigInteger(128, OfficeKey.random()).setBit(127);
    return new JcaX509v3CertificateBuilder(
        issuer, serial, Date.from(from), Date.from(until), subject, key);
  }

  private static X509Certificate sign(
      JcaX509v3CertificateBuilder builder, PublicKey key, PublicKey issuerKey, PrivateKey signer)
      throws GeneralSecurityException, CertIOException, OperatorCreationException, IOException {
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    builder.addExtension(
        Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        extensions.createAuthorityKeyIdentifier(issuerKey));
    return CertificatePem.parse(
        builder.build(new JcaContentSignerBuilder(ALGORITHM).build(signer)).getEncoded());
  }
}
