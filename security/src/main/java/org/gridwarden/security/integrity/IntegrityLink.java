package org.gridwarden.security.integrity;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.gridwarden.security.audit.TreeHash;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;

/**
 * One thing that the office vouches for: what had which fingerprint when, and why. Each names the
 * one before it. Immutable.
 *
 * @param n its place in the chain, from 0
 * @param previous the hash of the link before it, as signed; zeros for the first
 * @param at when
 * @param kind what is vouched for: {@code day}, {@code late}, {@code configuration}
 * @param subject of whom or what
 * @param hash the fingerprint
 * @param reason why, in words of one line
 */
public record IntegrityLink(
    long n,
    TreeHash previous,
    Instant at,
    String kind,
    String subject,
    TreeHash hash,
    String reason) {
  /** What the first link names as the one before it. */
  public static final TreeHash NONE = TreeHash.of(new byte[32]);

  private static final String TITLE = "gridwarden integrity link 1";

  /**
   * @throws IllegalArgumentException where a word holds a line break, or the number is negative
   */
  public IntegrityLink {
    for (String word : List.of(kind, subject, reason)) {
      if (word.indexOf('\n') >= 0 || word.indexOf('\r') >= 0) {
        throw new IllegalArgumentException("a link's words are one line each");
      }
    }
    if (n < 0) {
      throw new IllegalArgumentException("links are counted from 0");
    }
  }

  /** The office's signature over it: COSE_Sign1. */
  public byte[] sign(Signer signer) throws CommandException {
    return Signed.sign(Purpose.INTEGRITY, signer, text().getBytes(StandardCharsets.UTF_8)).bytes();
  }

  /**
   * The link that signed bytes hold.
   *
   * @throws CommandException where they hold none, or the signature is not by that key
   */
  public static IntegrityLink open(byte[] signed, PublicKey key) throws CommandException {
    byte[] payload = Signed.parse(signed).open(Purpose.INTEGRITY, key);
    List<String> lines = new String(payload, StandardCharsets.UTF_8).lines().toList();
    if (lines.size() != 8 || !lines.get(0).equals(TITLE)) {
      throw new CommandException("it is no link of the integrity chain");
    }
    try {
      return new IntegrityLink(
          Long.parseLong(lines.get(1)),
          hash(lines.get(2)),
          Instant.parse(lines.get(3)),
          lines.get(4),
          lines.get(5),
          hash(lines.get(6)),
          lines.get(7));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new CommandException("it is no link of the integrity chain");
    }
  }

  private static TreeHash hash(String hex) {
    return TreeHash.of(HexFormat.of().parseHex(hex));
  }

  private String text() {
    return String.join(
        "\n",
        TITLE,
        Long.toString(n),
        previous.toString(),
        at.toString(),
        kind,
        subject,
        hash.toString(),
        reason,
        "");
  }
}
