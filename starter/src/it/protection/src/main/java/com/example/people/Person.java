package com.example.people;

import io.appdbs.encryption.Encrypted;

import org.springframework.data.annotation.Id;

/**
 * A person whose bank account the server never sees.
 */
record Person(@Id Long id, String name, Encrypted iban) {

}
