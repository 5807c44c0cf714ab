/**
 * Encrypted fields: the type of their values, and the cipher of each database.
 */
@NullMarked
package io.appdbs.encryption;

import org.jspecify.annotations.NullMarked;
