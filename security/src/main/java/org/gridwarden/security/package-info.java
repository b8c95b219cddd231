/** Keys, secrets, certificates and admission: what confidentiality and availability stand on. */
@NullMarked
package org.gridwarden.security;

import org.jspecify.annotations.NullMarked;
