/**
 * Application whose packages declare their databases.
 */
package io.appdbs.annotated;
