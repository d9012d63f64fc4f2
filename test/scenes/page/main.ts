/** Runs in the page: opens the stage once, then draws one moment after the other. */
import * as THREE from 'three';
import type { Light, Moment, Scene } from '../scene.ts';
import { Backdrop } from './backdrop.ts';
import { type Body, makeBody } from './person.ts';
import { makeStage, type Stage } from './stage.ts';

/** Pixels are drawn so many times finer each way and averaged: smoother edges than multisampling, at the same cost. */
const FINER = 2;

let show: ((moment: Moment) => string) | undefined;

globalThis.openStage = (scene) => {
  const canvas = document.querySelector('canvas')!;
  const renderer = new THREE.WebGLRenderer({ canvas, preserveDrawingBuffer: true });
  renderer.setPixelRatio(FINER);
  renderer.setSize(scene.camera.widthPx, scene.camera.heightPx, false);
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = THREE.PCFShadowMap;
  renderer.toneMapping = THREE.NeutralToneMapping;
  renderer.toneMappingExposure = 0.9;
  renderer.autoClear = false;
  show = showing(scene, makeStage(scene, renderer), renderer);
};

globalThis.drawMoment = (moment) => {
  if (!show) throw new Error('Cannot draw: the stage must be open');
  return show(moment);
};

function showing(scene: Scene, stage: Stage, renderer: THREE.WebGLRenderer): (moment: Moment) => string {
  const bodies = new Map<string, Body>(scene.people.map((person) => [person.id, makeBody(person)]));
  for (const { group } of bodies.values()) {
    group.visible = false;
    stage.moving.add(group);
  }
  const picture = document.createElement('canvas');
  picture.width = scene.camera.widthPx;
  picture.height = scene.camera.heightPx;
  const brush = picture.getContext('2d')!;
  let backdrop: Backdrop | undefined;
  return (moment) => {
    for (const { group } of bodies.values()) group.visible = false;
    for (const figure of moment.people) {
      const body = bodies.get(figure.id)!;
      body.group.visible = true;
      body.pose(figure, moment.t);
    }
    for (const [id, part] of Object.entries(moment.doors)) stage.openDoor(id, part * part * (3 - 2 * part));
    const level = Math.round(levelAt(scene.light, moment.t) * 100) / 100;
    if (backdrop?.level !== level) {
      stage.light(level);
      backdrop?.dispose();
      backdrop = new Backdrop(stage, renderer, level);
    }
    renderer.clear();
    backdrop.draw(renderer);
    renderer.render(stage.world, stage.camera);
    brush.drawImage(renderer.domElement, 0, 0, picture.width, picture.height);
    return picture.toDataURL('image/png');
  };
}

function levelAt({ level, changes = [] }: Light, t: number): number {
  let before = { at: 0, level };
  for (const change of changes) {
    if (t < change.at)
      return before.level + ((change.level - before.level) * (t - before.at)) / (change.at - before.at);
    before = change;
  }
  return before.level;
}
