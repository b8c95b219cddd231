package org.gridwarden.dlms;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/**
 * Protects and opens APDUs with AES-GCM (IEC 62056-5-3, clause 9.2.7.2: suites 0 and 1 with
 * 128-bit, suite 2 with 256-bit keys). The initialization vector is system title and invocation
 * counter, the tag has 12 bytes. The additional data are SC and AK, followed by the plaintext where
 * it is only authenticated. Thread-safe.
 */
public final class Ciphering {
  /** The first tag of those ciphered APDUs that name their sender. */
  public static final int FIRST_GENERAL = ApduTag.GENERAL_GLO;

  private static final int TAG = 12;
  private static final int TITLE = 8;
  private static final byte[] NO_HEADER = {};

  private Ciphering() {}

  /**
   * Opens a ciphered APDU, and checks its tag where it has one. An APDU that is encrypted only
   * proves nothing: what comes out may be anything, and its security control says so.
   *
   * @param systemTitle the sender's, 8 bytes, for an APDU that names none; else of length 0
   * @return the plain APDU's bytes, a new array
   * @throws DlmsException with {@link DlmsException.Kind#UNAUTHENTICATED} and always the same words
   *     whichever of tag, additional data and ciphertext is not genuine; NO_KEY; UNSUPPORTED
   */
  public static byte[] unprotect(Apdu.Ciphered apdu, byte[] systemTitle, DlmsKeys keys)
      throws DlmsException {
    byte[] iv = iv(title(apdu, systemTitle), apdu.invocationCounter());
    return open(
        apdu.control(),
        new Sealed(apdu.buffer(), apdu.from(), apdu.length()),
        iv,
        NO_HEADER,
        keys,
        apdu.keyUse());
  }

  /**
   * Opens a general-ciphering APDU as {@link #unprotect(Apdu.Ciphered, byte[], DlmsKeys)} does.
   *
   * @param keys where the APDU brings a wrapped or agreed key, that one in the place of the global
   *     unicast key ({@link DlmsKeys#withEncryption})
   */
  public static byte[] unprotect(Apdu.GeneralCiphering apdu, DlmsKeys keys) throws DlmsException {
    if (apdu.header().originator().length() != TITLE) {
      throw DlmsException.malformed(0, "a general-ciphering names its originator");
    }
    DlmsData.OctetString content = apdu.content();
    return open(
        apdu.control(),
        new Sealed(content.buffer(), content.from(), content.length()),
        iv(apdu.header().originator().bytes(), apdu.counter()),
        apdu.header().bytes(),
        keys,
        apdu.keyUse());
  }

  /** Protected bytes within a greater array. */
  @SuppressWarnings("ArrayRecordComponent") // only carried from one method to the next
  private record Sealed(byte[] buffer, int from, int length) {}

  private static byte[] open(
      SecurityControl control, Sealed sealed, byte[] iv, byte[] header, DlmsKeys keys, KeyUse use)
      throws DlmsException {
    control.requireSupported(0);
    if (!control.authenticated()) {
      return decrypt(control, sealed, sealed.length, iv, keys, use);
    }
    DlmsKeys.AesKey key = keys.encryptionFor(control, use);
    byte[] ak = keys.authenticationFor(control);
    if (sealed.length < TAG) {
      throw unauthenticated();
    }
    CipherPool.Lease lease = CipherPool.gcm();
    try {
      Cipher cipher = lease.cipher();
      cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * TAG, iv));
      aad(cipher, control, ak, header);
      if (control.encrypted()) {
        return cipher.doFinal(sealed.buffer, sealed.from, sealed.length);
      }
      int plain = sealed.length - TAG;
      cipher.updateAAD(sealed.buffer, sealed.from, plain);
      cipher.doFinal(sealed.buffer, sealed.from + plain, TAG);
      return Arrays.copyOfRange(sealed.buffer, sealed.from, sealed.from + plain);
    } catch (AEADBadTagException _) {
      throw unauthenticated();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM of the Java runtime refuses its parameters", e);
    } finally {
      lease.giveBack();
    }
  }

  /**
   * Decrypts without checking the tag: for a person's eyes where the authentication key is not at
   * hand, never for readings that are kept.
   */
  static byte[] openUnchecked(Apdu.Ciphered apdu, byte[] systemTitle, DlmsKeys keys)
      throws DlmsException {
    apdu.control().requireSupported(0);
    int length = apdu.length() - (apdu.control().authenticated() ? TAG : 0);
    if (length < 0) {
      throw unauthenticated();
    }
    return decrypt(
        apdu.control(),
        new Sealed(apdu.buffer(), apdu.from(), apdu.length()),
        length,
        iv(title(apdu, systemTitle), apdu.invocationCounter()),
        keys,
        apdu.keyUse());
  }

  private static byte[] decrypt(
      SecurityControl control, Sealed sealed, int length, byte[] iv, DlmsKeys keys, KeyUse use)
      throws DlmsException {
    return control.encrypted()
        ? counterMode(keys.encryptionFor(control, use), iv, sealed.buffer, sealed.from, length)
        : Arrays.copyOfRange(sealed.buffer, sealed.from, sealed.from + length);
  }

  /**
   * The tag with which an APDU is protected: its own glo- or ded- form, and general-glo- or
   * general-ded-ciphering for what has none.
   *
   * @param plain the tag of the APDU to protect
   * @param general whether its own form is not wanted
   */
  public static int tagFor(int plain, boolean general, boolean dedicated) {
    int own = general ? -1 : ApduTag.ciphered(plain, dedicated);
    return own >= 0 ? own : dedicated ? ApduTag.GENERAL_DED : ApduTag.GENERAL_GLO;
  }

  /**
   * Protects an APDU.
   *
   * @param tag {@code 0xDB} general-glo-, {@code 0xDC} general-ded-ciphering, or a glo- or
   *     ded-service's tag
   * @param control what is to be done
   * @param systemTitle the sender's, 8 bytes
   * @param counter the invocation counter, 0 to 2^32 - 1; the caller never uses one twice with a
   *     key
   * @param plain the APDU to protect
   * @throws DlmsException where a key is missing or has the wrong length
   * @throws IllegalArgumentException where tag, system title or counter are out of range
   */
  public static Apdu.Ciphered protect(
      int tag,
      SecurityControl control,
      byte[] systemTitle,
      long counter,
      byte[] plain,
      DlmsKeys keys)
      throws DlmsException {
    boolean general = tag == ApduTag.GENERAL_GLO || tag == ApduTag.GENERAL_DED;
    if (!general && !ApduTag.isServiceCiphered(tag)) {
      throw new IllegalArgumentException("0x%02X is not the tag of a ciphered APDU".formatted(tag));
    }
    KeyUse use =
        ApduTag.isDedicated(tag)
            ? KeyUse.DEDICATED
            : control.broadcast() ? KeyUse.BROADCAST : KeyUse.UNICAST;
    byte[] content = seal(control, sealingIv(systemTitle, counter), NO_HEADER, plain, keys, use);
    return new Apdu.Ciphered(
        tag,
        general ? systemTitle.clone() : new byte[0],
        control,
        (int) counter,
        content,
        0,
        content.length);
  }

  /**
   * Protects an APDU as general-ciphering. The header is authenticated, too: additional data are
   * SC, AK, and the header's fields with their lengths.
   *
   * @param header names the originator
   * @param keys where key-info brings a wrapped or agreed key, that one in the place of the global
   *     unicast key
   */
  public static Apdu.GeneralCiphering protect(
      GeneralHeader header,
      KeyInfo keyInfo,
      SecurityControl control,
      long counter,
      byte[] plain,
      DlmsKeys keys)
      throws DlmsException {
    Apdu.GeneralCiphering unsealed =
        new Apdu.GeneralCiphering(header, keyInfo, control, counter, DlmsData.OctetString.EMPTY);
    byte[] iv = sealingIv(header.originator().bytes(), counter);
    byte[] content = seal(control, iv, header.bytes(), plain, keys, unsealed.keyUse());
    return new Apdu.GeneralCiphering(
        header, keyInfo, control, counter, new DlmsData.OctetString(content, 0, content.length));
  }

  private static byte[] sealingIv(byte[] systemTitle, long counter) {
    if (systemTitle.length != TITLE) {
      throw new IllegalArgumentException("a system title has 8 bytes, not " + systemTitle.length);
    }
    Ranges.check(counter, 0, 0xFFFF_FFFFL, "an invocation counter");
    return iv(systemTitle, counter);
  }

  private static byte[] seal(
      SecurityControl control, byte[] iv, byte[] header, byte[] plain, DlmsKeys keys, KeyUse use)
      throws DlmsException {
    control.requireSupported(0);
    if (!control.authenticated()) {
      return control.encrypted()
          ? counterMode(keys.encryptionFor(control, use), iv, plain, 0, plain.length)
          : plain.clone();
    }
    DlmsKeys.AesKey key = keys.encryptionFor(control, use);
    byte[] ak = keys.authenticationFor(control);
    try {
      // a fresh one: a pooled cipher would take a resend, same key and counter, for a mistake
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG, iv));
      aad(cipher, control, ak, header);
      if (control.encrypted()) {
        return cipher.doFinal(plain);
      }
      cipher.updateAAD(plain);
      byte[] content = Arrays.copyOf(plain, plain.length + TAG);
      cipher.doFinal(content, plain.length);
      return content;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM of the Java runtime refuses its parameters", e);
    }
  }

  private static void aad(Cipher cipher, SecurityControl control, byte[] ak, byte[] header) {
    byte[] aad = new byte[1 + ak.length + header.length];
    aad[0] = (byte) control.bits();
    System.arraycopy(ak, 0, aad, 1, ak.length);
    System.arraycopy(header, 0, aad, 1 + ak.length, header.length);
    cipher.updateAAD(aad);
    Arrays.fill(aad, (byte) 0);
  }

  /** GCM without its tag is counter mode whose first block has the number 2 (NIST SP 800-38D). */
  private static byte[] counterMode(
      DlmsKeys.AesKey key, byte[] iv, byte[] in, int from, int length) {
    CipherPool.Lease lease = CipherPool.ctr();
    try {
      byte[] block = Arrays.copyOf(iv, 16);
      block[15] = 2;
      Cipher cipher = lease.cipher();
      cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(block));
      return cipher.doFinal(in, from, length);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-CTR of the Java runtime refuses its parameters", e);
    } finally {
      lease.giveBack();
    }
  }

  private static byte[] title(Apdu.Ciphered apdu, byte[] given) throws DlmsException {
    byte[] own = apdu.rawSystemTitle();
    byte[] title = own.length > 0 ? own : given;
    if (title.length == 0) {
      throw new DlmsException(
          DlmsException.Kind.NO_KEY,
          0,
          "a " + apdu.name() + " names no system title; the sender's has to be given");
    }
    if (title.length != TITLE) {
      throw DlmsException.malformed(1, "a system title has 8 bytes, not " + title.length);
    }
    return title;
  }

  private static byte[] iv(byte[] title, long counter) {
    byte[] iv = Arrays.copyOf(title, 12);
    iv[8] = (byte) (counter >> 24);
    iv[9] = (byte) (counter >> 16);
    iv[10] = (byte) (counter >> 8);
    iv[11] = (byte) counter;
    return iv;
  }

  private static DlmsException unauthenticated() {
    return new DlmsException(
        DlmsException.Kind.UNAUTHENTICATED,
        0,
        "the APDU is not genuine: its authentication tag does not fit it and the keys");
  }
}
