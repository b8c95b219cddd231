package org.gridwarden.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.TrustFolder;
import org.gridwarden.security.command.TrustKeeper;

/** Whom a meter obeys: by its root's lists, or by what a fitter puts into it. Thread-safe. */
interface Obeyed {
  /** The key of an operator. */
  Optional<PublicKey> operator(byte[] keyId);

  /** The key of a maker of firmware. */
  Optional<PublicKey> maker(byte[] keyId);

  /** The ids of the operators' keys. */
  List<byte[]> operators();

  /** The version of its list; 0 before the first, -1 where it takes none. */
  default long version() {
    return -1;
  }

  /** Whether it took a list. */
  default boolean take(byte[] list) {
    return false;
  }

  /**
   * As a folder says when the meter is made: with a file {@code root.pem} that root's lists are
   * obeyed and nothing else; otherwise the folder is what a fitter puts into the meter, operators'
   * keys there, makers' in its folder {@code makers}.
   *
   * @param folder the meter obeys nobody where empty
   * @throws IllegalArgumentException where the root is no key
   */
  static Obeyed of(Optional<Path> folder, MeterMemory memory) {
    Optional<Path> root = folder.map(f -> f.resolve("root.pem")).filter(Files::isRegularFile);
    return root.isPresent() ? new ByLists(root.get(), memory) : new ByFitter(folder);
  }

  /** What a fitter puts into it. */
  final class ByFitter implements Obeyed {
    private final Optional<TrustFolder> operators;
    private final Optional<TrustFolder> makers;

    ByFitter(Optional<Path> folder) {
      this.operators = folder.map(TrustFolder::new);
      this.makers = folder.map(f -> new TrustFolder(f.resolve("makers")));
    }

    @Override
    public Optional<PublicKey> operator(byte[] keyId) {
      return operators.flatMap(trusted -> trusted.apply(keyId));
    }

    @Override
    public Optional<PublicKey> maker(byte[] keyId) {
      return makers.flatMap(trusted -> trusted.apply(keyId));
    }

    @Override
    public List<byte[]> operators() {
      return operators.map(TrustFolder::ids).orElse(List.of());
    }
  }

  /** What its root signed. */
  final class ByLists implements Obeyed {
    private static final String WORD = "trust";

    private final TrustKeeper keeper;

    ByLists(Path root, MeterMemory memory) {
      try {
        this.keeper =
            new TrustKeeper(
                P256.publicKey(Files.readString(root, StandardCharsets.US_ASCII)),
                new TrustKeeper.Memory() {
                  @Override
                  public Optional<byte[]> list() {
                    return memory.word(WORD).map(Base64.getDecoder()::decode);
                  }

                  @Override
                  public void keep(byte[] signed) {
                    memory.word(WORD, Base64.getEncoder().encodeToString(signed));
                    memory.write();
                  }
                });
      } catch (IOException | CommandException e) {
        throw new IllegalArgumentException(root + " is no root's public key", e);
      }
    }

    @Override
    public Optional<PublicKey> operator(byte[] keyId) {
      return keeper.operator(keyId);
    }

    @Override
    public Optional<PublicKey> maker(byte[] keyId) {
      return keeper.maker(keyId);
    }

    @Override
    public List<byte[]> operators() {
      return keeper.operators();
    }

    @Override
    public long version() {
      return keeper.version();
    }

    @Override
    public boolean take(byte[] list) {
      try {
        keeper.take(list);
        return true;
      } catch (CommandException e) {
        return false;
      }
    }
  }
}
