package org.gridwarden.dlms.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.AssociationCipher;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Service;

/**
 * Questions and answers over a link, protected as the association is. Once an answer failed to come
 * or to be what it should, it is of no use. One thread at a time.
 */
final class Exchange {
  private final ApduLink link;
  private final Optional<AssociationCipher> cipher;
  private final Duration patience;
  private boolean usable;

  Exchange(ApduLink link, Optional<AssociationCipher> cipher, Duration patience) {
    this.link = link;
    this.cipher = cipher;
    this.patience = patience;
  }

  /** Asks for the association: both ways in the clear, but for what they carry. */
  Apdu associate(Acse.Aarq aarq) throws IOException, DlmsException {
    link.send(Apdus.encode(aarq));
    Apdu answer = Apdus.decode(link.receive(patience));
    usable = true;
    return answer;
  }

  /** Asks the meter. */
  Apdu ask(Service question) throws IOException, DlmsException, AssociationRefused {
    boolean answered = false;
    try {
      link.send(protect(question));
      Apdu answer = open(Apdus.decode(link.receive(patience)));
      answered = true;
      if (answer instanceof Service.ExceptionResponse refused) {
        throw new AssociationRefused("the meter refuses: " + refused.reason());
      }
      return answer;
    } finally {
      usable &= answered;
    }
  }

  /** An APDU's bytes, protected where the association is. */
  byte[] protect(Apdu plain) throws DlmsException {
    return cipher.isPresent() ? cipher.get().protect(plain) : Apdus.encode(plain);
  }

  /** What came, opened; an exception response alone may come in the clear. */
  Apdu open(Apdu apdu) throws DlmsException {
    if (apdu instanceof Apdu.Ciphered ciphered && cipher.isPresent()) {
      return cipher.get().open(ciphered);
    }
    if (cipher.isPresent() && !(apdu instanceof Service.ExceptionResponse)) {
      throw new DlmsException(
          DlmsException.Kind.UNAUTHENTICATED, 0, "a " + apdu.name() + " came unprotected");
    }
    return apdu;
  }

  /** Releases the association where it still works, and closes the link. */
  void release() throws IOException {
    try (link) {
      if (usable) {
        link.send(Apdus.encode(new Acse.Rlrq(0, DlmsData.OctetString.EMPTY)));
        link.receive(patience);
      }
    } catch (DlmsException e) {
      // whatever it was: the link is closed
    } catch (IOException e) {
      // a meter that closes at once has released it as well
    }
  }

  static DlmsException unexpected(String wanted, Apdu came) {
    return broken("the meter was asked for " + wanted + " and sent a " + came.name());
  }

  static DlmsException broken(String what) {
    return new DlmsException(DlmsException.Kind.MALFORMED, 0, what);
  }
}
