/**
 * Verification of the privileges of a login of MongoDB.
 */
@NullMarked
package io.appdbs.mongo.privilege;

import org.jspecify.annotations.NullMarked;
