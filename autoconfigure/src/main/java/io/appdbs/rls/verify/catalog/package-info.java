/**
 * Roles, privileges, tables and policies, as the verification reads them.
 */
@NullMarked
package io.appdbs.rls.verify.catalog;

import org.jspecify.annotations.NullMarked;
