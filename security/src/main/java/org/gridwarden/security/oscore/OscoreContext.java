package org.gridwarden.security.oscore;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.californium.scandium.dtls.cipher.CCMBlockCipher;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.gridwarden.core.Secret;
import org.gridwarden.security.command.Cbor;

/**
 * A security context of OSCORE (RFC 8613, clause 3), with the algorithms that every end has:
 * AES-CCM-16-64-128 and HKDF with SHA-256. Holds no counter and no window: whoever uses it sees to
 * it that no Partial IV comes twice. Immutable, thread-safe; prints nothing of its keys.
 */
public final class OscoreContext {
  /** A nonce's bytes. */
  private static final int NONCE = 13;

  /** The longest id of an end (clause 3.3). */
  public static final int LONGEST_ID = NONCE - 6;

  private static final int KEY = 16;
  private static final int TAG = 8;
  private static final int AES_CCM_16_64_128 = 10;
  private static final int VERSION = 1;
  private static final String HMAC = "HmacSHA256";
  private static final int HASH = 32;

  private final byte[] senderId;
  private final byte[] recipientId;
  private final byte[] senderKey;
  private final byte[] recipientKey;
  private final byte[] commonIv;

  /** What binds an answer to its question (clause 5.4): the asker's id and its Partial IV. */
  @SuppressWarnings("ArrayRecordComponent") // stays with the exchange, never changed
  public record Question(byte[] kid, byte[] partialIv) {}

  private OscoreContext(
      byte[] senderId, byte[] recipientId, byte[] senderKey, byte[] recipientKey, byte[] commonIv) {
    this.senderId = senderId;
    this.recipientId = recipientId;
    this.senderKey = senderKey;
    this.recipientKey = recipientKey;
    this.commonIv = commonIv;
  }

  /**
   * Derives a context (clause 3.2).
   *
   * @param secret the Master Secret
   * @param salt the Master Salt; of length 0 for none
   * @param idContext names the context; empty for none
   * @param senderId the own end's, 0 to 7 bytes
   * @param recipientId the other end's, 0 to 7 bytes, another one
   * @throws IllegalArgumentException where an id is too long, or both are the same
   */
  public static OscoreContext of(
      Secret secret, byte[] salt, Optional<byte[]> idContext, byte[] senderId, byte[] recipientId) {
    if (senderId.length > LONGEST_ID
        || recipientId.length > LONGEST_ID
        || Arrays.equals(senderId, recipientId)) {
      throw new IllegalArgumentException("two ids of 7 bytes at most, and not the same");
    }
    byte[] input = secret.copy();
    byte[] prk = {};
    try {
      prk = hmac(salt.length == 0 ? new byte[HASH] : salt, input);
      return new OscoreContext(
          senderId.clone(),
          recipientId.clone(),
          expand(prk, senderId, idContext, "Key", KEY),
          expand(prk, recipientId, idContext, "Key", KEY),
          expand(prk, new byte[0], idContext, "IV", NONCE));
    } finally {
      Arrays.fill(input, (byte) 0);
      Arrays.fill(prk, (byte) 0);
    }
  }

  private static byte[] expand(
      byte[] prk, byte[] id, Optional<byte[]> idContext, String type, int length) {
    byte[] info =
        Cbor.write(out -> {
          out.writeStartArray(null, 5);
          out.writeBinary(id);
          if (idContext.isPresent()) {
            out.writeBinary(idContext.get());
          } else {
            out.writeNull();
          }
          out.writeNumber(AES_CCM_16_64_128);
          out.writeString(type);
          out.writeNumber(length);
          out.writeEndArray();
        });
    byte[] block = Arrays.copyOf(info, info.length + 1);
    block[info.length] = 1; // one block is all that is ever asked for
    byte[] full = hmac(prk, block);
    byte[] some = Arrays.copyOf(full, length);
    Arrays.fill(full, (byte) 0);
    return some;
  }

  private static byte[] hmac(byte[] key, byte[] input) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }

  /** The own end's id. */
  public byte[] senderId() {
    return senderId.clone();
  }

  /** A question of the own end's, under this sequence number. */
  public Question ask(long sequence) {
    return new Question(senderId, partialIv(sequence));
  }

  /**
   * A question of the other end's.
   *
   * @throws OscoreException where it is of somebody else, or has no Partial IV
   */
  public Question asked(OscoreOption option) throws OscoreException {
    byte[] partialIv = option.partialIv();
    if (partialIv.length == 0
        || !Arrays.equals(option.kid().orElse(new byte[0]), recipientId)
        || !Arrays.equals(partialIv, partialIv(sequence(partialIv)))) {
      throw new OscoreException("it is no question of the other end's");
    }
    return new Question(recipientId, partialIv);
  }

  /** Seals the own end's question. */
  public byte[] sealQuestion(Question question, byte[] plain) {
    return encrypt(nonce(senderId, question.partialIv()), question, plain);
  }

  /**
   * Opens the other end's question.
   *
   * @throws OscoreException where it is not genuine
   */
  public byte[] openQuestion(Question question, byte[] sealed) throws OscoreException {
    return decrypt(nonce(recipientId, question.partialIv()), question, sealed);
  }

  /** Seals an answer under the question's nonce: once a question, or a nonce comes twice. */
  public byte[] sealAnswer(Question question, byte[] plain) {
    return encrypt(nonce(question.kid(), question.partialIv()), question, plain);
  }

  /** Seals an answer under a sequence number of the own end's: a notification, say. */
  public byte[] sealAnswer(Question question, long sequence, byte[] plain) {
    return encrypt(nonce(senderId, partialIv(sequence)), question, plain);
  }

  /**
   * Opens an answer.
   *
   * @throws OscoreException where it is not genuine
   */
  public byte[] openAnswer(Question question, OscoreOption option, byte[] sealed)
      throws OscoreException {
    byte[] partialIv = option.partialIv();
    byte[] nonce =
        partialIv.length == 0
            ? nonce(question.kid(), question.partialIv())
            : nonce(recipientId, partialIv);
    return decrypt(nonce, question, sealed);
  }

  /** As short as it goes, one byte at least. */
  public static byte[] partialIv(long sequence) {
    int length = Math.max(1, (71 - Long.numberOfLeadingZeros(sequence)) / 8);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[length - 1 - i] = (byte) (sequence >>> (8 * i));
    }
    return bytes;
  }

  /** The number that a Partial IV is. */
  public static long sequence(byte[] partialIv) {
    long sequence = 0;
    for (byte b : partialIv) {
      sequence = sequence << 8 | b & 0xFF;
    }
    return sequence;
  }

  /** Clause 5.2. */
  byte[] nonce(byte[] id, byte[] partialIv) {
    byte[] nonce = new byte[NONCE];
    nonce[0] = (byte) id.length;
    System.arraycopy(id, 0, nonce, 1 + LONGEST_ID - id.length, id.length);
    System.arraycopy(partialIv, 0, nonce, NONCE - partialIv.length, partialIv.length);
    for (int i = 0; i < NONCE; i++) {
      nonce[i] ^= commonIv[i];
    }
    return nonce;
  }

  /** Clause 5.4; there is no option of class I. */
  static byte[] aad(Question question) {
    byte[] external =
        Cbor.write(out -> {
          out.writeStartArray(null, 5);
          out.writeNumber(VERSION);
          out.writeStartArray(null, 1);
          out.writeNumber(AES_CCM_16_64_128);
          out.writeEndArray();
          out.writeBinary(question.kid());
          out.writeBinary(question.partialIv());
          out.writeBinary(new byte[0]);
          out.writeEndArray();
        });
    return Cbor.write(out -> {
      out.writeStartArray(null, 3);
      out.writeString("Encrypt0");
      out.writeBinary(new byte[0]);
      out.writeBinary(external);
      out.writeEndArray();
    });
  }

  byte[] key(boolean sender) {
    return sender ? senderKey.clone() : recipientKey.clone();
  }

  private byte[] encrypt(byte[] nonce, Question question, byte[] plain) {
    SecretKey key = SecretUtil.create(senderKey, "AES");
    try {
      return CCMBlockCipher.encrypt(key, nonce, aad(question), plain, TAG);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has AES", e);
    } finally {
      SecretUtil.destroy(key);
    }
  }

  private byte[] decrypt(byte[] nonce, Question question, byte[] sealed) throws OscoreException {
    if (sealed.length < TAG + 1) {
      throw new OscoreException("it is too short to be sealed");
    }
    SecretKey key = SecretUtil.create(recipientKey, "AES");
    try {
      return CCMBlockCipher.decrypt(key, nonce, aad(question), sealed, TAG);
    } catch (GeneralSecurityException e) {
      throw new OscoreException("it is not by who has the key");
    } finally {
      SecretUtil.destroy(key);
    }
  }

  @Override
  public String toString() {
    return "OscoreContext";
  }
}
