package org.gridwarden.security.fips;

import java.security.Provider;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Translates names and formats, and computes nothing: what the JDK calls {@code
 * SHA256withECDSAinP1363Format}, {@code AES/KW/NoPadding}, {@code PBES2} and {@code DRBG} is done
 * by {@link FipsMode#PROVIDER}, which has the algorithm under another name or with its values in
 * another form. What it does not have is not here either.
 */
public final class NamesProvider extends Provider {
  private static final long serialVersionUID = 1L;
  private static final String PBE = "PBEWithHmacSHA512AndAES_256";

  public NamesProvider() {
    super("GridwardenNames", "1", "names of the JDK for algorithms of " + FipsMode.PROVIDER);
    named("Signature", "SHA256withECDSAinP1363Format", () -> new P1363("SHA256withECDSA", 32));
    named("Signature", "SHA384withECDSAinP1363Format", () -> new P1363("SHA384withECDSA", 48));
    named("Cipher", "AES/KW/NoPadding", KeyWrapCipher::new);
    named("SecureRandom", "DRBG", ModuleRandom::new);
    named("SecretKeyFactory", PBE, PasswordKeys::new);
    named("Cipher", PBE, PasswordCipher::new);
    named("AlgorithmParameters", "PBES2", PasswordParameters::new);
  }

  private void named(String type, String name, Supplier<Object> made) {
    putService(
        new Service(this, type, name, made.getClass().getName(), List.of(), Map.of()) {
          @Override
          public Object newInstance(@org.jspecify.annotations.Nullable Object parameter) {
            return made.get();
          }

          @Override
          public boolean supportsParameter(Object parameter) {
            return true;
          }
        });
  }
}
