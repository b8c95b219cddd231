package org.gridwarden.mdm.proof;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import org.gridwarden.security.audit.TreeHash;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The raw messages of a meter that the office received on a day (UTC), as it commits to them: a
 * leaf of the evidence tree. Immutable.
 *
 * @param meter whose
 * @param day of receipt, UTC
 * @param count how many messages
 * @param chain the digest over all of them in the order of receipt, {@link Chain}, in hex
 * @param salt 16 random bytes in hex
 */
public record ReceivedRecord(String meter, LocalDate day, int count, String chain, String salt) {
  /** No meter sends as many on a day. */
  static final int MOST = 200_000;

  /** Its leaf. */
  public TreeHash leaf() {
    return CanonicalJson.leaf(json());
  }

  /** As it is hashed. */
  public ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "received")
        .put("meter", meter)
        .put("day", day.toString())
        .put("count", count)
        .put("chain", chain)
        .put("salt", salt);
  }

  static ReceivedRecord parse(Place at) throws ProofException {
    at.object();
    if (!at.at("type").text(16).equals("received")) {
      throw new ProofException(at.where(), "a record of the type received is expected");
    }
    return new ReceivedRecord(
        at.at("meter").text(128),
        at.at("day").date(),
        at.at("count").integer(1, MOST),
        HexFormat.of().formatHex(at.at("chain").hex(TreeHash.LENGTH)),
        HexFormat.of().formatHex(at.at("salt").hex(16)));
  }

  /**
   * A raw message as a bill names it.
   *
   * @param counter its invocation counter, unsigned; where it had none, its digest's first 8 bytes
   * @param digest SHA-256 over the bytes as they arrived, in hex
   */
  public record Message(long counter, String digest) {
    /** Of a message's bytes. */
    public static Message of(long counter, byte[] bytes) {
      return new Message(counter, CanonicalJson.digest(bytes));
    }
  }

  /**
   * The digest over messages one after the other: SHA-256 over what stood before (32 zeros at the
   * beginning), the counter in 8 bytes and the message's own SHA-256. Not thread-safe.
   */
  public static final class Chain {
    private byte[] value = new byte[TreeHash.LENGTH];
    private int count;

    /** Adds the next message. */
    public void add(Message message) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(value);
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(message.counter()).array());
        value = digest.digest(HexFormat.of().parseHex(message.digest()));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java runtime has SHA-256", e);
      }
      count++;
    }

    /** How many there were. */
    public int count() {
      return count;
    }

    /** The digest, in hex. */
    public String hex() {
      return HexFormat.of().formatHex(value);
    }
  }
}
