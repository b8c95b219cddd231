// SPDX-License-Identifier: GPL-2.0-only

import gurux.dlms.enums.Authentication;
import gurux.dlms.enums.Conformance;
import gurux.dlms.enums.InterfaceType;
import gurux.dlms.enums.Security;
import gurux.dlms.enums.Signing;
import gurux.dlms.objects.enums.SecuritySuite;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/** Words such as port=4059 auth=gmac, as a program was given them. */
record Options(Map<String, String> words) {
  static Options of(String... words) {
    Map<String, String> all = new HashMap<>();
    for (String word : words) {
      int at = word.indexOf('=');
      if (at < 1) {
        throw new IllegalArgumentException("not name=value: " + word);
      }
      all.put(word.substring(0, at), word.substring(at + 1));
    }
    return new Options(all);
  }

  boolean has(String name) {
    return words.containsKey(name);
  }

  String text(String name, String otherwise) {
    return words.getOrDefault(name, otherwise);
  }

  int number(String name, int otherwise) {
    return has(name) ? Integer.parseInt(words.get(name)) : otherwise;
  }

  /** Hexadecimal digits; of length 0 where there are none. */
  byte[] bytes(String name) {
    return HexFormat.of().parseHex(words.getOrDefault(name, ""));
  }

  /** auth=none|lls|hls|md5|sha1|gmac|sha256|ecdsa. */
  Authentication auth() {
    return auth(text("auth", "none"));
  }

  static Authentication auth(String name) {
    return switch (name) {
      case "none" -> Authentication.NONE;
      case "lls" -> Authentication.LOW;
      case "hls" -> Authentication.HIGH;
      case "md5" -> Authentication.HIGH_MD5;
      case "sha1" -> Authentication.HIGH_SHA1;
      case "gmac" -> Authentication.HIGH_GMAC;
      case "sha256" -> Authentication.HIGH_SHA256;
      case "ecdsa" -> Authentication.HIGH_ECDSA;
      default -> throw new IllegalArgumentException("auth is no " + name);
    };
  }

  /** link=wrapper|hdlc. */
  InterfaceType link() {
    return text("link", "wrapper").equals("hdlc") ? InterfaceType.HDLC : InterfaceType.WRAPPER;
  }

  /** names=ln|sn. */
  boolean logicalNames() {
    return text("names", "ln").equals("ln");
  }

  /** suite=0|1|2. */
  SecuritySuite suite() {
    return SecuritySuite.forValue(number("suite", 0));
  }

  /** security=none|auth|enc|both; both with auth=gmac, else none. */
  Security security() {
    return switch (text("security", auth() == Authentication.HIGH_GMAC ? "both" : "none")) {
      case "none" -> Security.NONE;
      case "auth" -> Security.AUTHENTICATION;
      case "enc" -> Security.ENCRYPTION;
      default -> Security.AUTHENTICATION_ENCRYPTION;
    };
  }

  /** own= and peer=: the own private key, PKCS 8, and the other side's public one, X.509, in DER. */
  KeyPair signingPair() throws Exception {
    return pair("own", "peer");
  }

  /** agree-own= and agree-peer=: the same for key agreement. */
  KeyPair agreementPair() throws Exception {
    return pair("agree-own", "agree-peer");
  }

  private KeyPair pair(String own, String peer) throws Exception {
    KeyFactory keys = KeyFactory.getInstance("EC");
    return new KeyPair(
        keys.generatePublic(new X509EncodedKeySpec(bytes(peer))),
        keys.generatePrivate(new PKCS8EncodedKeySpec(bytes(own))));
  }

  /** signing=general|one-pass|static: general-signing, or general-ciphering with an agreed key. */
  Signing signing() {
    return switch (text("signing", "none")) {
      case "general" -> Signing.GENERAL_SIGNING;
      case "one-pass" -> Signing.ONE_PASS_DIFFIE_HELLMAN;
      case "static" -> Signing.STATIC_UNIFIED_MODEL;
      default -> Signing.NONE;
    };
  }

  /** conformance=ACCESS,-GET,…: what is added to the usual, and taken away. */
  Set<Conformance> conformance(Set<Conformance> usual) {
    Set<Conformance> all = EnumSet.copyOf(usual);
    for (String one : text("conformance", "").split(",")) {
      if (one.startsWith("-")) {
        all.remove(Conformance.valueOf(one.substring(1)));
      } else if (!one.isEmpty()) {
        all.add(Conformance.valueOf(one));
      }
    }
    return all;
  }

  /** client=N; else 16 without a mechanism, 17 with a password, 18 with more. */
  int client() {
    return number(
        "client",
        switch (auth()) {
          case NONE -> 16;
          case LOW -> 17;
          default -> 18;
        });
  }
}
