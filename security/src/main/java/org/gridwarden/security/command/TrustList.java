package org.gridwarden.security.command;

import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.security.command.Cbor.Reader;

/**
 * Whom meters obey: the keys of operators and of firmware's makers, under the signature of the
 * *trust root*. The root's public half is in the meters from their making, its private half is a
 * security administrator's: who delivers a list, the head-end, can put nobody on it. Later lists
 * have greater versions, and take the place of earlier ones as a whole. Immutable.
 *
 * <p>As bytes a CBOR array of format, version, and two arrays of public keys
 * (SubjectPublicKeyInfo), each in the order of the keys' ids.
 *
 * @param version 1 or more
 * @param operators whose orders are obeyed
 * @param makers whose firmware may run
 */
public record TrustList(long version, List<PublicKey> operators, List<PublicKey> makers) {
  /** So many keys of each kind at most. */
  public static final int MOST = 64;

  private static final int FORMAT = 1;

  /**
   * @throws IllegalArgumentException outside the ranges, or where a key is not on P-256 or is there
   *     twice
   */
  public TrustList {
    if (version < 1) {
      throw new IllegalArgumentException("a trust list's version is 1 or more, not " + version);
    }
    operators = inOrder(operators);
    makers = inOrder(makers);
  }

  private static List<PublicKey> inOrder(List<PublicKey> keys) {
    if (keys.size() > MOST) {
      throw new IllegalArgumentException("a trust list has at most " + MOST + " keys of a kind");
    }
    List<PublicKey> sorted = new ArrayList<>(keys);
    sorted.sort((a, b) -> Arrays.compareUnsigned(Signed.keyId(a), Signed.keyId(b)));
    for (int i = 0; i < sorted.size(); i++) {
      try {
        var _ = P256.publicKey(sorted.get(i).getEncoded());
      } catch (CommandException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
      if (i > 0 && Arrays.equals(Signed.keyId(sorted.get(i - 1)), Signed.keyId(sorted.get(i)))) {
        throw new IllegalArgumentException(
            "the key " + HexFormat.of().formatHex(Signed.keyId(sorted.get(i))) + " is there twice");
      }
    }
    return List.copyOf(sorted);
  }

  /** Its bytes, in the one way. */
  public byte[] bytes() {
    return Cbor.write(out -> {
      out.writeStartArray(null, 4);
      out.writeNumber(FORMAT);
      out.writeNumber(version);
      for (List<PublicKey> keys : List.of(operators, makers)) {
        out.writeStartArray(null, keys.size());
        keys.forEach(key -> out.writeBinary(key.getEncoded()));
        out.writeEndArray();
      }
      out.writeEndArray();
    });
  }

  /**
   * The list that bytes are. Nothing is verified yet.
   *
   * @throws CommandException where they are none, or one that is not written in the one way
   */
  public static TrustList parse(byte[] bytes) throws CommandException {
    TrustList list;
    try {
      list =
          Cbor.read(
              bytes,
              in -> {
                in.array();
                if (in.number("the format") != FORMAT) {
                  throw new CommandException("trust lists have format " + FORMAT);
                }
                TrustList read = new TrustList(in.number("the version"), keys(in), keys(in));
                in.end();
                return read;
              });
    } catch (IllegalArgumentException e) {
      throw new CommandException("it is no trust list: " + e.getMessage());
    }
    if (!Arrays.equals(list.bytes(), bytes)) {
      throw new CommandException("the trust list is not written in the one way");
    }
    return list;
  }

  private static List<PublicKey> keys(Reader in) throws CommandException {
    List<PublicKey> keys = new ArrayList<>();
    in.array();
    for (Optional<byte[]> key = in.bytesOrEnd(); key.isPresent(); key = in.bytesOrEnd()) {
      if (keys.size() == MOST) {
        throw new CommandException("a trust list has at most " + MOST + " keys of a kind");
      }
      keys.add(P256.publicKey(key.get()));
    }
    return keys;
  }

  /**
   * Signs it, as a security administrator does.
   *
   * @return a COSE_Sign1 message
   * @throws CommandException where the root's key cannot be used now
   */
  public byte[] sign(Signer root) throws CommandException {
    return Signed.sign(Purpose.TRUST, root, bytes()).bytes();
  }

  /**
   * Opens a signed list.
   *
   * @throws CommandException where the root did not sign it, or it is none
   */
  public static TrustList open(byte[] signed, PublicKey root) throws CommandException {
    return parse(Signed.parse(signed).open(Purpose.TRUST, root));
  }

  /** The operator's key of an id. */
  public Optional<PublicKey> operator(byte[] keyId) {
    return find(operators, keyId);
  }

  /** The maker's key of an id. */
  public Optional<PublicKey> maker(byte[] keyId) {
    return find(makers, keyId);
  }

  private static Optional<PublicKey> find(List<PublicKey> keys, byte[] keyId) {
    return keys.stream().filter(key -> Arrays.equals(Signed.keyId(key), keyId)).findFirst();
  }
}
