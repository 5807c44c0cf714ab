package com.example.optional;

import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class OptionalApplication {

}
