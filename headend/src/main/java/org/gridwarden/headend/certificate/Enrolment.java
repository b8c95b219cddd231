package org.gridwarden.headend.certificate;

import java.security.cert.X509Certificate;
import org.gridwarden.core.Fault;

/** What became of a request for a certificate. */
public sealed interface Enrolment {
  /** Here it is; perhaps the one that was issued before and is not due for renewal. */
  record Issued(X509Certificate certificate) implements Enrolment {}

  /**
   * A person must approve it first: the same request later gets the certificate.
   *
   * @param request its number on the list of those that wait
   */
  record Waiting(long request) implements Enrolment {}

  /** It is refused. */
  record Refused(Fault fault) implements Enrolment {}
}
