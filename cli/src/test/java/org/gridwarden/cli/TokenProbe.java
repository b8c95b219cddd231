package org.gridwarden.cli;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;

/** Says what can be had of a key in a token; a process, for its environment. */
final class TokenProbe {
  private TokenProbe() {}

  public static void main(String[] arguments) throws GeneralSecurityException, CommandException {
    char[] pin = arguments[1].toCharArray();
    try {
      OperatorToken.of(arguments[0]).open("0000".toCharArray(), Optional.empty());
    } catch (Failure e) {
      System.out.println("wrong=" + e.getMessage());
    }
    OperatorToken token = OperatorToken.of(arguments[0]);
    PublicKey made = token.make("olivia", pin);
    PrivateKey handle = token.handle(pin, "olivia");
    System.out.println("encoded=" + Arrays.toString(handle.getEncoded()));
    System.out.println("format=" + handle.getFormat());
    System.out.println("curve=" + made.getAlgorithm());
    byte[] order = "an order".getBytes(StandardCharsets.US_ASCII);
    Signer signer = token.open(pin, Optional.empty());
    Signed signed = Signed.sign(Purpose.ORDER, signer, order);
    System.out.println(
        "signs="
            + Arrays.equals(
                order, Signed.parse(signed.bytes()).open(Purpose.ORDER, signer.publicKey())));
    try {
      token.make("olivia", pin);
    } catch (Failure e) {
      System.out.println("again=" + e.getMessage());
    }
  }
}
